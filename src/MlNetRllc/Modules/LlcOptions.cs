using System.ComponentModel;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Modules;

/// <summary>How the learning coefficients of a module are estimated, and from which columns.</summary>
public sealed record LlcOptions
{
    /// <summary>Column of features: a number, or a vector of known size, of Single, Double, Int32 or Int64.</summary>
    [Description("column of features")]
    public string FeatureColumn { get; init; } = "Features";

    /// <summary>Column of labels: as features may be, or a Boolean or a key. A key becomes a class number from 0.</summary>
    [Description("column of labels")]
    public string LabelColumn { get; init; } = "Label";

    /// <summary>Shape of one row's features as the module wants them, such as 1, 8, 8 for a grey image; empty
    /// takes the column's own.</summary>
    [Description("shape of one row's features")]
    public IReadOnlyList<long> FeatureShape { get; init; } = [];

    /// <summary>What is sampled; each selection gives one estimate.</summary>
    [Description("what is sampled, by names of parameters")]
    public IReadOnlyList<ParameterSelection> Selections { get; init; } = [ParameterSelection.All];

    /// <summary>Step size, temperature, chains, draws. Engine, Precision and HeadBiases mean nothing here.</summary>
    /// <remarks>What is not given follows the table's n rows (<see cref="SgldOptions.FollowingRows"/>): NBeta is <c>n / ln n</c> (Lau et
    /// al., arXiv 2308.12108), StepSize and Localization stand to it as the paper's to 30, BatchSize is at most n, Seed is the context's.
    /// So localized, directions of curvature below about 7 add little: for the learning coefficient of a whole minimum lower
    /// Localization, to 1 say, and walk longer. <see cref="LlcEstimator.Plan"/> says what a table gives, and how long it takes.</remarks>
    [Description("step size, temperature, chains, draws; what is not given follows the rows")]
    public SgldOptions Sampling { get; init; } = new();

    /// <summary>Baseline, discarded draws, limits of the status.</summary>
    [Description("baseline, discarded draws, limits of the status")]
    public EstimationOptions Estimation { get; init; } = new();

    /// <summary>Whether the losses along the chains are kept: <see cref="LlcTransformer.Traces"/>.</summary>
    [Description("whether the losses along the chains are kept")]
    public bool KeepTraces { get; init; }

    /// <summary>Told of every step, on the thread that samples.</summary>
    [JsonIgnore]
    public IProgress<SamplingProgress>? Progress { get; init; }

    /// <summary>Stops between steps.</summary>
    [JsonIgnore]
    public CancellationToken Cancellation { get; init; }
}
