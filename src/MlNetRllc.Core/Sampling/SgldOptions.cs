using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Core.Engines;

namespace MlNetRllc.Core.Sampling;

/// <summary>Which dynamics draws the weights.</summary>
public enum SamplingMethod
{
    /// <summary>Stochastic gradient Langevin dynamics (Welling and Teh, 2011), localised and tempered.</summary>
    Sgld,

    /// <summary>SGLD preconditioned by a running mean of squared loss gradients (Li et al., arXiv 1512.07666).</summary>
    RmsPropSgld,

    /// <summary>Stochastic gradient Nose-Hoover thermostat (Ding et al., NeurIPS 2014): momentum with a friction that adapts to gradient noise.</summary>
    Sgnht,
}

/// <summary>Which engine computes minibatch losses and gradients.</summary>
public enum SamplingEngine
{
    /// <summary>The lock-step engine where it applies (attention-only models), the autograd engine elsewhere.</summary>
    Auto,

    /// <summary>The lock-step engine: all components and chains on one minibatch, only the work that a component needs.</summary>
    LockStep,

    /// <summary>A full forward and backward pass by autograd for each chain; slow, works for any model.</summary>
    Autograd,
}

/// <summary>How the weights of a component are sampled; the defaults are the paper's (arXiv 2410.02984, appendix).</summary>
/// <remarks>
/// One step is <c>w += -(StepSize/2) [NBeta grad l_m(w) + Localization (w - w*)] + sqrt(StepSize) N(0, I)</c>, with l_m the mean
/// loss of a fresh minibatch in nats per token (Lau et al., arXiv 2308.12108, Algorithm 1). StepSize, NBeta and Localization
/// set the scale that is probed: a direction of curvature h adds about NBeta h / (2 (NBeta h + Localization)) to the estimate.
/// </remarks>
public sealed record SgldOptions
{
    /// <summary>Dynamics.</summary>
    [Description("dynamics: sgld, rmsPropSgld or sgnht")]
    public SamplingMethod Method { get; init; }

    /// <summary>Step size (epsilon).</summary>
    [Description("step size epsilon"), Range(1e-12, 10.0)]
    public double StepSize { get; init; } = 1e-3;

    /// <summary>Inverse temperature times sample size (n beta): what multiplies the mean loss.</summary>
    [Description("inverse temperature times sample size, which multiplies the mean loss"), Range(1e-6, 1e12)]
    public double NBeta { get; init; } = 30;

    /// <summary>Strength of the pull towards the trained weights (gamma).</summary>
    [Description("strength gamma of the pull towards the trained weights"), Range(0.0, 1e12)]
    public double Localization { get; init; } = 200;

    /// <summary>Strength of a pull towards zero, beside the localization.</summary>
    [Description("strength of a pull towards zero"), Range(0.0, 1e12)]
    public double WeightDecay { get; init; }

    /// <summary>Standard deviation of the injected noise; 1 samples the posterior, 0 descends.</summary>
    [Description("standard deviation of the injected noise; 1 samples the posterior"), Range(0.0, 1e6)]
    public double NoiseLevel { get; init; } = 1;

    /// <summary>Half width of a box around the trained weights to which every weight is clamped; none when null.</summary>
    [Description("half width of a box around the trained weights; none when absent"), Range(1e-12, 1e12)]
    public double? BoundingBox { get; init; }

    /// <summary>Independent chains for each component.</summary>
    [Description("chains for each component"), Range(1, 1024)]
    public int Chains { get; init; } = 4;

    /// <summary>Recorded draws for each chain; the most there are, when <see cref="TargetStandardError"/> is set.</summary>
    [Description("recorded draws for each chain"), Range(1, 10_000_000)]
    public int Draws { get; init; } = 200;

    /// <summary>Standard error of the rLLC at which a row stops before it has all its <see cref="Draws"/>, in units of rLLC; null draws them all.</summary>
    /// <remarks>Asked after 50 draws and then after each 50 more (each tenth more, beyond 500); a row stops once its standard error
    /// (<see cref="Estimation.ChainStandardError"/>, paired baseline, all draws) is a tenth below this twice in a row, because stopping at the first small
    /// value prefers errors that came out too small. The other rows go on, and none is changed by it. Chains start at w*, so the shorter a
    /// row, the more its transient counts: set <see cref="BurnIn"/> when rows of different lengths are compared.</remarks>
    [Description("standard error of the rLLC at which a row stops early; none when absent"), Range(1e-12, 1e12)]
    public double? TargetStandardError { get; init; }

    /// <summary>Steps before the first recorded draw.</summary>
    [Description("steps before the first recorded draw"), Range(0, 10_000_000)]
    public int BurnIn { get; init; }

    /// <summary>Steps for each recorded draw; every Thinning-th step is recorded.</summary>
    [Description("steps for each recorded draw"), Range(1, 1_000_000)]
    public int Thinning { get; init; } = 1;

    /// <summary>Contexts in each minibatch.</summary>
    [Description("contexts in each minibatch"), Range(1, 65536)]
    public int BatchSize { get; init; } = 32;

    /// <summary>Minibatches whose gradients and losses are averaged in each step.</summary>
    [Description("minibatches averaged in each step"), Range(1, 65536)]
    public int GradientAccumulation { get; init; } = 1;

    /// <summary>RMSprop-SGLD: how much of the running mean of squared gradients is kept at each step.</summary>
    [Description("rmsPropSgld: decay of the mean of squared gradients"), Range(0.0, 1.0)]
    public double RmsPropDecay { get; init; } = 0.99;

    /// <summary>RMSprop-SGLD: added to the root of the mean of squared gradients.</summary>
    [Description("rmsPropSgld: added to the root mean square of the gradient"), Range(1e-12, 1e6)]
    public double RmsPropEpsilon { get; init; } = 0.1;

    /// <summary>SGNHT: friction at the start (A), also the strength of the injected noise.</summary>
    [Description("sgnht: friction at the start"), Range(1e-6, 1e6)]
    public double Friction { get; init; } = 1;

    /// <summary>Whether a head's biases are sampled with it (the paper does not say).</summary>
    [Description("whether a head's biases are sampled with it")]
    public bool HeadBiases { get; init; }

    /// <summary>Which engine computes losses and gradients; both give the same values to float32 rounding.</summary>
    [Description("engine: auto, lockStep or autograd")]
    public SamplingEngine Engine { get; init; }

    /// <summary>Number format of the matrix products in the lock-step engine.</summary>
    [Description("format of the matrix products: float32 or bFloat16")]
    public ProductPrecision Precision { get; init; }

    /// <summary>Seed; noise and minibatches derive from it and from names, never from the order of execution.</summary>
    [Description("seed of noise and minibatches")]
    public int Seed { get; init; } = 1;

    /// <summary>Steps each chain takes: burn-in, then Thinning for each draw.</summary>
    internal int Steps => checked(BurnIn + (Draws - 1) * Thinning + 1);
}
