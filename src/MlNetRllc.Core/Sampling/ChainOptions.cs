using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Sampling;

/// <summary>What every sampler is told: the tempered posterior, how long chains walk, and their
/// seed.</summary>
/// <remarks>The orders of properties keep the written form of <see cref="SgldOptions"/> as it was
/// when it held them all itself: keys of stored work are made of it.</remarks>
public record ChainOptions
{
    /// <summary>Step size (epsilon).</summary>
    [Description("step size epsilon"), Range(1e-12, 10.0), JsonPropertyOrder(1)]
    public double StepSize { get; init => (field, Given) = (value, Given.With(nameof(StepSize))); } = 1e-3;

    /// <summary>Inverse temperature times sample size (n beta): what multiplies the mean loss.</summary>
    [Description("inverse temperature times sample size, which multiplies the mean loss"), Range(1e-6, 1e12), JsonPropertyOrder(1)]
    public double NBeta { get; init => (field, Given) = (value, Given.With(nameof(NBeta))); } = 30;

    /// <summary>Strength of the pull towards the trained weights (gamma).</summary>
    [Description("strength gamma of the pull towards the trained weights"), Range(0.0, 1e12), JsonPropertyOrder(1)]
    public double Localization { get; init => (field, Given) = (value, Given.With(nameof(Localization))); } = 200;

    /// <summary>Independent chains for each component.</summary>
    [Description("chains for each component"), Range(1, 1024), JsonPropertyOrder(3)]
    public int Chains { get; init; } = 4;

    /// <summary>Steps before the first recorded draw.</summary>
    /// <remarks>Chains start at w*, and forget it over 2 / (StepSize Localization) steps: 10 by default, so 30 leave 5 % of the way
    /// and nothing of its square. The paper takes 0, which leaves estimates of 200 draws 2.6 % low.</remarks>
    [Description("steps before the first recorded draw; the paper takes 0"), Range(0, 10_000_000), JsonPropertyOrder(5)]
    public int BurnIn { get; init; } = 30;

    /// <summary>Recorded draws for each chain; the most there are, where a row may stop early.</summary>
    [Description("recorded draws for each chain"), Range(1, 10_000_000), JsonPropertyOrder(3)]
    public int Draws { get; init; } = 200;

    /// <summary>Steps for each recorded draw; every Thinning-th step is recorded.</summary>
    [Description("steps for each recorded draw"), Range(1, 1_000_000), JsonPropertyOrder(5)]
    public int Thinning { get; init; } = 1;

    /// <summary>Seed; noise and minibatches derive from it and from names, never from the order of
    /// execution.</summary>
    [Description("seed of noise and minibatches"), JsonPropertyOrder(7)]
    public int Seed { get; init => (field, Given) = (value, Given.With(nameof(Seed))); } = 1;

    /// <summary>Which options were given, of those that can follow the rows.</summary>
    private protected GivenNames Given { get; init; }

    /// <summary>Steps each chain takes: burn-in, then Thinning for each draw.</summary>
    internal int Steps => checked(BurnIn + (Draws - 1) * Thinning + 1);
}
