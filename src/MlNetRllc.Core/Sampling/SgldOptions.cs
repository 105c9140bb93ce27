using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Sampling;

/// <summary>How the weights of a component are sampled; the defaults are the paper's (arXiv
/// 2410.02984, appendix), but for the burn-in, of which it has none.</summary>
/// <remarks>
/// One step is <c>w += -(StepSize/2) [NBeta grad l_m(w) + Localization (w - w*)] + sqrt(StepSize)
/// N(0, I)</c>, with l_m the mean loss of a fresh minibatch in nats per token (Lau et al., arXiv
/// 2308.12108, Algorithm 1). StepSize, NBeta and Localization set the scale that is probed: a
/// direction of curvature h adds about NBeta h / (2 (NBeta h + Localization)) to the estimate.
/// </remarks>
public sealed record SgldOptions : ChainOptions, ICheckedTogether
{
    /// <summary>Dynamics.</summary>
    [Description("dynamics: sgld, rmsPropSgld or sgnht")]
    public SamplingMethod Method { get; init; }

    /// <summary>Strength of a pull towards zero, beside the localization.</summary>
    [Description("strength of a pull towards zero"), Range(0.0, 1e12), JsonPropertyOrder(2)]
    public double WeightDecay { get; init; }

    /// <summary>Standard deviation of the injected noise; 1 samples the posterior, 0 is no sampler: it descends.</summary>
    /// <remarks>What chains without noise give is no expectation under the posterior, so no rLLC, whatever its status says.</remarks>
    [Description("standard deviation of the injected noise; 1 samples the posterior, 0 is no sampler: it descends"),
        Range(0.0, 1e6), JsonPropertyOrder(2)]
    public double NoiseLevel { get; init; } = 1;

    /// <summary>Half width of a box around the trained weights to which every weight is clamped;
    /// none when null.</summary>
    [Description("half width of a box around the trained weights; none when absent"), Range(1e-12, 1e12), JsonPropertyOrder(2)]
    public double? BoundingBox { get; init; }

    /// <summary>SGLD: whether the pull towards the trained weights is stepped exactly instead of by Euler.</summary>
    /// <remarks>The pull is linear, so its own process (Ornstein and Uhlenbeck's) is known:
    /// <c>x = a x - ((1 - a) / gamma) nbeta g + sqrt((1 - a^2) / gamma) noise</c> with x = w - w* and a = exp(-gamma eps / 2). Euler's
    /// stationary variance in a direction of precision p is 1 / (p (1 - eps p / 4)): at gamma 200 and eps 1e-3 estimates are
    /// 5 % high. Stepped exactly, what is left comes from nbeta times the curvature alone.</remarks>
    [Description("sgld: whether the pull towards the trained weights is stepped exactly, which takes the step's bias away"),
        JsonPropertyOrder(8)]
    public bool ExactPull { get; init; }

    /// <summary>SGLD: whether the gradient of the loss is left out, so that chains see the pull and the noise alone.</summary>
    /// <remarks>A control: what an estimate from such chains keeps comes from the geometry around the weights, not from the
    /// posterior. Losses are recorded as always, and estimates still multiply by <see cref="ChainOptions.NBeta"/>.</remarks>
    [Description("sgld: whether the loss's gradient is left out, as a control for what the pull alone gives"), JsonPropertyOrder(8)]
    public bool Control { get; init; }

    /// <summary>Whether chains walk in pairs: 2p with the noise of the ordinary chain 2p, 2p + 1 with exactly minus that noise, on the
    /// same minibatches.</summary>
    /// <remarks>Each alone is an ordinary chain, so every estimate stays what it was. The mean and half the difference of a pair's
    /// losses are their even and odd parts in the noise, which observables of the draws tell apart; the chains of a pair are not
    /// independent, so errors and diagnostics are over pair means. Takes an even number of chains, 4 or more. For the rLLC itself, with
    /// its paired baseline, pairs gain little.</remarks>
    [Description("whether chains walk in pairs of opposite noise; takes an even number of chains, 4 or more"), JsonPropertyOrder(8)]
    public bool Antithetic { get; init; }

    /// <summary>Standard error of the rLLC at which a row stops before it has all its
    /// <see cref="ChainOptions.Draws"/>, in units of rLLC; null draws them all.</summary>
    /// <remarks>Asked after 50 draws and then after each 50 more (each tenth more, beyond 500); a
    /// row stops once its standard error (<see cref="Estimation.ChainStandardError"/>, paired
    /// baseline, all draws) is a tenth below this twice in a row, because stopping at the first
    /// small value prefers errors that came out too small. The other rows go on, and none is
    /// changed by it. Chains start at w*, so the shorter a row, the more its transient counts: set
    /// <see cref="ChainOptions.BurnIn"/> when rows of different lengths are compared.</remarks>
    [Description("standard error of the rLLC at which a row stops early; none when absent"), Range(1e-12, 1e12), JsonPropertyOrder(4)]
    public double? TargetStandardError { get; init; }

    /// <summary>Contexts in each minibatch.</summary>
    [Description("contexts in each minibatch"), Range(1, 65536), JsonPropertyOrder(6)]
    public int BatchSize { get; init => (field, Given) = (value, Given.With(nameof(BatchSize))); } = 32;

    /// <summary>Minibatches whose gradients and losses are averaged in each step.</summary>
    [Description("minibatches averaged in each step"), Range(1, 65536), JsonPropertyOrder(6)]
    public int GradientAccumulation { get; init; } = 1;

    /// <summary>RMSprop-SGLD: how much of the running mean of squared gradients is kept at each
    /// step.</summary>
    [Description("rmsPropSgld: decay of the mean of squared gradients"), Range(0.0, 1.0), JsonPropertyOrder(6)]
    public double RmsPropDecay { get; init; } = 0.99;

    /// <summary>RMSprop-SGLD: added to the root of the mean of squared gradients.</summary>
    [Description("rmsPropSgld: added to the root mean square of the gradient"), Range(1e-12, 1e6), JsonPropertyOrder(6)]
    public double RmsPropEpsilon { get; init; } = 0.1;

    /// <summary>SGNHT: friction at the start (A), also the strength of the injected noise.</summary>
    [Description("sgnht: friction at the start"), Range(1e-6, 1e6), JsonPropertyOrder(6)]
    public double Friction { get; init; } = 1;

    /// <summary>Whether a head's biases are sampled with it (the paper does not say).</summary>
    [Description("whether a head's biases are sampled with it"), JsonPropertyOrder(6)]
    public bool HeadBiases { get; init; }

    /// <summary>Which engine computes losses and gradients; both give the same values to float32
    /// rounding.</summary>
    [Description("engine: auto, lockStep or autograd"), JsonPropertyOrder(6)]
    public SamplingEngine Engine { get; init; }

    /// <summary>Relative bias of an estimate by the size of the step where the pull, not the loss, sets
    /// the scale: <c>b / (1 - b)</c> with b = StepSize Localization / 4, or 0 with <see cref="ExactPull"/>.</summary>
    /// <remarks>Euler's chain has the stationary variance 1 / (p (1 - eps p / 4)) in a direction of precision
    /// p = NBeta h + Localization, that of x = (1 - eps p / 2) x + sqrt(eps) noise, and the posterior 1 / p. So estimates are
    /// 5.3 % high at Localization 200 and StepSize 1e-3 where NBeta h is small beside 200; curvature's own part comes on top.</remarks>
    /// <returns>Dimensionless; infinity where the step is unstable (b of 1 or more); NaN where it is not known: for methods
    /// other than Sgld, and without a pull.</returns>
    public double StepBias()
    {
        if (Method != SamplingMethod.Sgld || Localization == 0) return double.NaN;
        var share = StepSize * Localization / 4;
        return ExactPull ? 0 : share < 1 ? share / (1 - share) : double.PositiveInfinity;
    }

    /// <summary>The same, with what was not given following the rows that are sampled on.</summary>
    /// <remarks>NBeta becomes <c>n / ln n</c> for n rows (Lau et al., arXiv 2308.12108; n of 3 or more). With it go, so that chains
    /// walk as at the defaults, on a scale that fits the temperature: StepSize, to <c>0.03 / NBeta</c>, and Localization, to
    /// <c>20 / 3 NBeta</c>; a given NBeta moves neither. BatchSize becomes n where n is smaller, Seed
    /// <paramref name="seed"/>. What was given stays, also where it is the default's value.</remarks>
    /// <param name="rows">Rows (examples) of the dataset, n.</param>
    /// <param name="seed">The seed of whoever asks; null leaves the default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is below 1.</exception>
    public SgldOptions FollowingRows(int rows, int? seed = null)
    {
        Limits.AtLeast(rows, 1);
        var n = Math.Max(rows, 3);
        var scale = Given.Has(nameof(NBeta)) ? 1 : n / Math.Log(n) / NBeta;
        return this with
        {
            NBeta = NBeta * scale,
            StepSize = Given.Has(nameof(StepSize)) ? StepSize : StepSize / scale,
            Localization = Given.Has(nameof(Localization)) ? Localization : Localization * scale,
            BatchSize = Given.Has(nameof(BatchSize)) ? BatchSize : Math.Min(BatchSize, rows),
            Seed = Given.Has(nameof(Seed)) ? Seed : seed ?? Seed,
        };
    }

    string? ICheckedTogether.WhatIsWrong() => this switch
    {
        { Method: not SamplingMethod.Sgld } when ExactPull || Control =>
            $"asks {Method} for {(ExactPull ? "an exact pull" : "a control")}, which the method Sgld alone has",
        { Antithetic: true } when Chains < 4 || Chains % 2 != 0 =>
            $"asks for {Chains} antithetic {(Chains == 1 ? "chain" : "chains")}; they walk in pairs, of which two or more are wanted: "
            + "give an even number of chains, 4 or more, or leave antithetic out",
        _ => null,
    };

    /// <summary>Number format of the lock-step engine's products with the vocabulary.</summary>
    [Description("format of the matrix products: float32 or bFloat16"), JsonPropertyOrder(6)]
    public ProductPrecision Precision { get; init; }
}
