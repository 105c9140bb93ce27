using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MlNetRllc.Core.Sampling;

/// <summary>How the weights of a component are sampled; the defaults are the paper's (arXiv 2410.02984, appendix).</summary>
/// <remarks>
/// One step is <c>w += -(StepSize/2) [NBeta grad l_m(w) + Localization (w - w*)] + sqrt(StepSize) N(0, I)</c>, with l_m the mean
/// loss of a fresh minibatch in nats per token (Lau et al., arXiv 2308.12108, Algorithm 1). StepSize, NBeta and Localization
/// set the scale that is probed: a direction of curvature h adds about NBeta h / (2 (NBeta h + Localization)) to the estimate.
/// </remarks>
public sealed record SgldOptions
{
    /// <summary>Step size (epsilon).</summary>
    [Description("step size epsilon"), Range(1e-12, 10.0)]
    public double StepSize { get; init; } = 1e-3;

    /// <summary>Inverse temperature times sample size (n beta): what multiplies the mean loss.</summary>
    [Description("inverse temperature times sample size, which multiplies the mean loss"), Range(1e-6, 1e12)]
    public double NBeta { get; init; } = 30;

    /// <summary>Strength of the pull towards the trained weights (gamma).</summary>
    [Description("strength gamma of the pull towards the trained weights"), Range(0.0, 1e12)]
    public double Localization { get; init; } = 200;

    /// <summary>Independent chains for each component.</summary>
    [Description("chains for each component"), Range(1, 1024)]
    public int Chains { get; init; } = 4;

    /// <summary>Recorded draws for each chain.</summary>
    [Description("recorded draws for each chain"), Range(1, 10_000_000)]
    public int Draws { get; init; } = 200;

    /// <summary>Steps before the first recorded draw.</summary>
    [Description("steps before the first recorded draw"), Range(0, 10_000_000)]
    public int BurnIn { get; init; }

    /// <summary>Steps for each recorded draw; every Thinning-th step is recorded.</summary>
    [Description("steps for each recorded draw"), Range(1, 1_000_000)]
    public int Thinning { get; init; } = 1;

    /// <summary>Contexts in each minibatch.</summary>
    [Description("contexts in each minibatch"), Range(1, 65536)]
    public int BatchSize { get; init; } = 32;

    /// <summary>Whether a head's biases are sampled with it (the paper does not say).</summary>
    [Description("whether a head's biases are sampled with it")]
    public bool HeadBiases { get; init; }

    /// <summary>Seed; noise and minibatches derive from it and from names, never from the order of execution.</summary>
    [Description("seed of noise and minibatches")]
    public int Seed { get; init; } = 1;
}
