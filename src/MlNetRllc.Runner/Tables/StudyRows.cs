namespace MlNetRllc.Runner.Tables;

/// <summary>A row of <c>checkpoints.csv</c>; losses in nats per token.</summary>
internal sealed record CheckpointRow(int Step, double TrainLoss, double ValidationLoss, string Checkpoint = "");

/// <summary>A row of <c>rllc.csv</c>: one estimate with the diagnostics of its chains.</summary>
internal sealed record RllcRow
{
    public required int Step { get; init; }

    public required string Component { get; init; }

    public required string Dataset { get; init; }

    public required double Rllc { get; init; }

    public required double RllcStdErr { get; init; }

    public required double RHat { get; init; }

    public required double Ess { get; init; }

    public required double Geweke { get; init; }

    public required double NegativeShare { get; init; }

    public required double Drift { get; init; }

    /// <summary>ok, not-converged, negative, diverged or failed.</summary>
    public required string Status { get; init; }

    public required string StatusReason { get; init; }
}

/// <summary>A row of <c>traces.parquet</c>: the losses along the chains of one estimate.</summary>
/// <param name="Step">Checkpoint.</param>
/// <param name="Component">Such as <c>l0h3</c>.</param>
/// <param name="Dataset">Text that was sampled on.</param>
/// <param name="NBeta">What multiplied the loss.</param>
/// <param name="Chains">Number of chains.</param>
/// <param name="Draws">Recorded draws a chain.</param>
/// <param name="Losses">[chain, draw], row-major, nats per token.</param>
/// <param name="BaselineLosses">[draw], nats per token.</param>
/// <param name="MalaAcceptance">[chain].</param>
internal sealed record TraceRow(int Step, string Component, string Dataset, double NBeta, int Chains, int Draws,
    IReadOnlyList<double> Losses, IReadOnlyList<double> BaselineLosses, IReadOnlyList<double> MalaAcceptance);

/// <summary>A row of <c>clusters.csv</c>.</summary>
/// <param name="Component">The head whose curve it is.</param>
/// <param name="Cluster">From 1.</param>
/// <param name="Silhouette">In -1..1; near 1 when the curve fits its cluster.</param>
/// <param name="Distances">To each centre, in order.</param>
/// <param name="Curve">The curve as it was clustered, one value a checkpoint.</param>
internal sealed record ClusterRow(string Component, int Cluster, double Silhouette, IReadOnlyList<double> Distances, IReadOnlyList<double> Curve);

/// <summary>A row of a score step's table: what <c>ScoreHeads</c> found of one head at one checkpoint. Loss changes are ablated minus whole, nats per token; NaN
/// where not measured.</summary>
internal sealed record HeadScoreRow
{
    public int Step { get; set; }

    public string Component { get; set; } = "";

    public double PreviousToken { get; set; } = double.NaN;

    public double CurrentToken { get; set; } = double.NaN;

    public double PrefixMatching { get; set; } = double.NaN;

    public double ZeroAblation { get; set; } = double.NaN;

    public double ZeroAblationStdErr { get; set; } = double.NaN;

    public double MeanAblation { get; set; } = double.NaN;

    public double MeanAblationStdErr { get; set; } = double.NaN;

    public double ResampleAblation { get; set; } = double.NaN;

    public double ResampleAblationStdErr { get; set; } = double.NaN;

    public double PositionAblation { get; set; } = double.NaN;

    public double PositionAblationStdErr { get; set; } = double.NaN;

    public double InductionTokens { get; set; } = double.NaN;

    public double BracketTokens { get; set; } = double.NaN;

    public double NGramTokens { get; set; } = double.NaN;

    public double SkipNGramTokens { get; set; } = double.NaN;

    public double UnexplainedTokens { get; set; } = double.NaN;

    public double MemorisedMultigrams { get; set; } = double.NaN;

    public double HessianTrace { get; set; } = double.NaN;

    public double HessianTraceStdErr { get; set; } = double.NaN;

    public double FisherTrace { get; set; } = double.NaN;

    public double FisherTraceStdErr { get; set; } = double.NaN;

    public double LastTokenChance { get; set; } = double.NaN;

    public double PrefixMatchingChance { get; set; } = double.NaN;

    public double ModelLoss { get; set; } = double.NaN;

    public double ModelLossStdErr { get; set; } = double.NaN;

    public double InContextLearning { get; set; } = double.NaN;

    public double InContextLearningStdErr { get; set; } = double.NaN;

    public double BigramCrossEntropy { get; set; } = double.NaN;

    public double BigramEntropy { get; set; } = double.NaN;

    public double ModelPositionAblation { get; set; } = double.NaN;

    public double ModelPositionAblationStdErr { get; set; } = double.NaN;

    /// <summary>With each head of the layer below; NaN in layer 0.</summary>
    public double[] QComposition { get; set; } = [];

    /// <inheritdoc cref="QComposition"/>
    public double[] KComposition { get; set; } = [];

    /// <inheritdoc cref="QComposition"/>
    public double[] VComposition { get; set; } = [];

    /// <inheritdoc cref="QComposition"/>
    public double[] PathAblation { get; set; } = [];

    /// <summary>Words of 2, 3 and 4 tokens, of the whole model.</summary>
    public double[] NGrams { get; set; } = [];
}

/// <summary>A row of a classify step's table: the type of one head at one checkpoint, with its evidence.</summary>
internal sealed record HeadTypeRow
{
    public int Step { get; set; }

    public string Component { get; set; } = "";

    /// <summary>previous-token, current-token, induction, multigram or unclear.</summary>
    public string HeadType { get; set; } = "";

    public string HeadTypeReason { get; set; } = "";

    public double PreviousTokenMargin { get; set; } = double.NaN;

    public double CurrentTokenMargin { get; set; } = double.NaN;

    public double PrefixMatchingMargin { get; set; } = double.NaN;

    public int PreviousTokenRank { get; set; }

    public int CurrentTokenRank { get; set; }

    public int PrefixMatchingRank { get; set; }
}

/// <summary>A row of a stages step's table: a stretch of training between two boundaries.</summary>
/// <param name="Stage">Its name, such as LM1.</param>
/// <param name="From">Step at which it begins.</param>
/// <param name="To">Step at which it ends.</param>
internal sealed record StageRow(string Stage, double From, double To);
