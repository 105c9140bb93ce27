using MlNetRllc.Core.Estimation;
using MlNetRllc.Estimation;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Report;

/// <summary>Everything that the report shows; the page states nothing that is not computed from this.</summary>
internal sealed record StudyReport
{
    public required string Title { get; init; }

    public required string Subtitle { get; init; }

    /// <summary>How far the run is that the page is of; empty once it is done.</summary>
    public string Unfinished { get; init; } = "";

    /// <summary>The headline numbers.</summary>
    public IReadOnlyList<ReportTile> Tiles { get; init; } = [];

    /// <summary>Entropies of the validation text under the training text's counts, nats per token; NaN where unknown.</summary>
    public ReportEntropies Entropies { get; init; } = new(double.NaN, double.NaN);

    public required IReadOnlyList<CheckpointLossRow> Checkpoints { get; init; }

    public required IReadOnlyList<RllcRow> Rllc { get; init; }

    public IReadOnlyList<EstimatedTrace> Traces { get; init; } = [];

    /// <summary>How traces became estimates.</summary>
    public EstimationOptions Estimation { get; init; } = new();

    public ReportClusters? Clusters { get; init; }

    /// <summary>The dataset that the model was trained on, where its loss was sampled; else the first that was sampled.</summary>
    public string? TrainingText { get; init; }

    /// <summary>Scores of every head at every checkpoint; empty when none were taken.</summary>
    public IReadOnlyList<HeadScoreRow> Scores { get; init; } = [];

    /// <summary>Head types; empty when heads were not classified.</summary>
    public IReadOnlyList<HeadTypeRow> Types { get; init; } = [];

    /// <summary>Stages of training; empty when none were looked for.</summary>
    public IReadOnlyList<StageRow> Stages { get; init; } = [];

    /// <summary>Estimates whose loss is the divergence from a frozen model.</summary>
    public IReadOnlyList<RllcRow> Reference { get; init; } = [];

    /// <summary>Estimates from chains that never see the loss; empty when none were run.</summary>
    public IReadOnlyList<RllcRow> Control { get; init; } = [];

    /// <summary>Estimates of the whole model over many datasets.</summary>
    public IReadOnlyList<RllcRow> Datasets { get; init; } = [];

    /// <summary>Estimates observed on patterns of tokens; empty when none were.</summary>
    public IReadOnlyList<PatternRllcRow> Patterns { get; init; } = [];

    /// <summary>Texts on which chosen heads are shown.</summary>
    public IReadOnlyList<ReportExample> Examples { get; init; } = [];

    /// <summary>Tokens that heads answer to most and least, in their contexts; empty when no row kept single tokens.</summary>
    public IReadOnlyList<TokenSample> Samples { get; init; } = [];

    public required ReportSgld Sgld { get; init; }

    /// <summary>Versions, seeds, times, machine: name and value.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];

    public IReadOnlyList<ReportedStep> Steps { get; init; } = [];

    /// <summary>The pipeline file's text, or empty.</summary>
    public string Pipeline { get; init; } = "";
}

internal sealed record ReportTile(string Value, string Label, string Note = "");

internal sealed record ReportEntropies(double Unigram, double Bigram);

internal sealed record ReportSgld(double NBeta, double Localization, double StepSize);

internal sealed record ReportedStep(string Name, string Kind, string Result, double Seconds);

/// <summary>The clustering of one dataset's curves.</summary>
/// <param name="K">Clusters chosen.</param>
/// <param name="Method">Such as "Euclidean k-means on standardised curves".</param>
/// <param name="Dataset">Whose curves were clustered.</param>
/// <param name="Unit">What the curves are measured in, for the axis.</param>
/// <param name="Steps">Checkpoint of each value of a curve.</param>
/// <param name="Rows">One a curve.</param>
/// <param name="Centres">[cluster][step]; of several channels [cluster][channel * steps + step], as curves are.</param>
/// <param name="Silhouettes">Mean silhouette for each number of clusters tried.</param>
internal sealed record ReportClusters(
    int K, string Method, string Dataset, string Unit, IReadOnlyList<int> Steps, IReadOnlyList<ClusterRow> Rows,
    IReadOnlyList<IReadOnlyList<double>> Centres, IReadOnlyList<SilhouettePoint> Silhouettes)
{
    /// <summary>What each channel of the curves is; empty where there is one.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>What the curves are of.</summary>
    public string Column { get; init; } = "rLLC";

    /// <summary>What a reader must know of the curves: left out, filled.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Cluster of each head where its layer was clustered by itself; empty when layers were not.</summary>
    public IReadOnlyDictionary<string, int> WithinLayer { get; init; } = new Dictionary<string, int>();

    /// <summary>Mean adjusted Rand index between clusterings of other random starts; NaN where not measured.</summary>
    public double Stability { get; init; } = double.NaN;
}

internal sealed record SilhouettePoint(int K, double Value);
