namespace MlNetRllc.Runner.Tables;

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

    /// <summary>What was not measured, and why.</summary>
    public string ScoreNotes { get; set; } = "";
}
