using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MlNetRllc.Core.Estimation;

/// <summary>How the errors of patterns are found.</summary>
public sealed record PatternEstimationOptions
{
    /// <summary>Resamples of the contexts, for the error of the texts.</summary>
    [Description("resamples of the contexts, for the error of the texts"), Range(10, 1_000_000)]
    public int Resamples { get; init; } = 400;

    /// <summary>How many errors the value of the whole set must lie from 0 for a profile to have a meaning.</summary>
    [Description("errors that the whole set's value must lie from 0 for a profile"), Range(0.0, 1e6)]
    public double DenominatorErrors { get; init; } = 3;

    /// <summary>Seed of the resamples; they are the same for all components and checkpoints.</summary>
    [Description("seed of the resamples")]
    public int Seed { get; init; } = 1;
}
