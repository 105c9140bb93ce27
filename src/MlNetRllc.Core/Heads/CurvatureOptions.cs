using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MlNetRllc.Core.Heads;

/// <summary>How traces of the Hessian and of the Fisher information are estimated.</summary>
public sealed record CurvatureOptions
{
    /// <summary>Random vectors.</summary>
    [Description("random vectors"), Range(2, 100_000)]
    public int Probes { get; init; } = 16;

    /// <summary>Contexts over which the loss is taken.</summary>
    [Description("contexts over which the loss is taken"), Range(1, 100_000)]
    public int Contexts { get; init; } = 16;

    /// <summary>Seed of the random vectors.</summary>
    [Description("seed of the random vectors")]
    public int Seed { get; init; }
}
