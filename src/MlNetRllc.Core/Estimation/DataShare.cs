using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Estimation;

/// <summary>Whether the data or the pull set an estimate: <c>nbeta Var(phi_even) / E[phi]</c> of antithetic chains, with phi the
/// walker's loss on a fixed probe set less that of w*, and phi_even its mean over the two chains of a pair.</summary>
/// <remarks>
/// <para>On a quadratic with Hessian A it is 2 sum f^2 / sum f, with f = nbeta a / (2 (nbeta a + gamma)) the share of a direction of
/// curvature a in the rLLC: near 1 where the data set the estimate (f = 1/2), near 0 where the pull does. The variance of
/// phi itself would hold the probe set's gradient as well, which is odd in the noise and cancels in a pair.</para>
/// <para>Pairs meet the same minibatches, whose gradients move them all alike. So the variance is taken over pairs at each draw,
/// <c>s_t^2 = (1 / (P - 1)) sum over i of (e_i - mean e)^2</c>, which is the mean of squares less the mean product of two different
/// pairs, and averaged over draws.</para>
/// <para>The error is that of a ratio whose parts share draws: of the mean of <c>nbeta s_t^2 - R phi_t</c> over draws, as a series of
/// one chain (<see cref="ChainStandardError"/>), over E[phi].</para>
/// <para>The idea of an estimate from a variance is of SIVE (arXiv 2606.22389), which takes it of minibatch losses.</para>
/// </remarks>
/// <param name="Value">Dimensionless.</param>
/// <param name="StdErr">Its standard error, dimensionless.</param>
public readonly record struct DataShare(double Value, double StdErr)
{
    /// <summary>What is told of chains that walk in no pairs.</summary>
    public static DataShare Unknown { get; } = new(double.NaN, double.NaN);

    /// <summary>The share of a pattern of a probe set.</summary>
    /// <param name="trace">The row that was sampled.</param>
    /// <param name="probe">What it did to the probe set: one of its <see cref="LossTrace.Observations"/>.</param>
    /// <param name="pattern">Index of the pattern; 0 is the whole set.</param>
    /// <param name="options">Which draws to leave out at the start of each chain: those that an estimate of the pattern leaves
    /// out; none when null.</param>
    /// <returns><see cref="Unknown"/> where the chains are not antithetic or are a control that no data moved, where fewer than two
    /// pairs stayed finite, and for a pattern without tokens.</returns>
    /// <exception cref="ArgumentException">The probe set has not the differences that its sizes ask for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pattern, or an option lies outside its range.</exception>
    public static DataShare Estimate(LossTrace trace, ProbeTrace probe, int pattern = 0, EstimationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(probe);
        Limits.AtLeast(pattern, 0);
        Limits.AtMost(pattern, probe.Patterns.Count - 1);
        if (!trace.Antithetic || trace.Control) return Unknown;
        var discarded = probe.DiscardedBy((options ?? new()).Validated());
        var chains = probe.DifferencesOf(pattern, trace).Chunk(Math.Max(1, probe.Draws));
        return Estimate([.. chains.SelectMany(chain => chain[discarded..])], trace.Chains, trace.NBeta);
    }

    /// <summary>The share from the probe losses of antithetic chains; burn-in left out before.</summary>
    /// <param name="phi">Loss of the probe set less that of w*, [chain, draw], row-major, nats per token; chains 2p and 2p + 1 are a
    /// pair.</param>
    /// <param name="chains">Number of chains; even.</param>
    /// <param name="nbeta">What multiplied the loss while sampling.</param>
    /// <returns>NaN with fewer than two pairs left; a pair with a value that is not finite is left out. The error is NaN for fewer
    /// than 4 draws as well.</returns>
    /// <exception cref="ArgumentException">The number of chains is odd, or no divisor of the values.</exception>
    public static DataShare Estimate(ReadOnlySpan<double> phi, int chains, double nbeta)
    {
        Limits.AtLeast(chains, 1);
        if (chains % 2 != 0 || phi.Length % chains != 0)
            throw new ArgumentException($"{phi.Length} values cannot be draws of antithetic pairs in {chains} chains.", nameof(phi));
        var draws = phi.Length / chains;
        var pairs = phi.ToArray().Chunk(Math.Max(1, 2 * draws))
            .Where(pair => pair.All(double.IsFinite))
            .Select(pair => pair[..draws].Zip(pair[draws..], (plus, minus) => (plus + minus) / 2).ToArray())
            .ToList();
        if (pairs.Count < 2) return Unknown;

        var (means, variances) = (new double[draws], new double[draws]);
        for (var t = 0; t < draws; t++)
        {
            means[t] = pairs.Average(even => even[t]);
            variances[t] = pairs.Sum(even => (even[t] - means[t]) * (even[t] - means[t])) / (pairs.Count - 1);
        }
        var level = means.Average();
        var share = nbeta * variances.Average() / level;
        double[] apart = [.. variances.Zip(means, (variance, mean) => nbeta * variance - share * mean)];
        return new(share, ChainStandardError.Estimate(apart, 1, draws) / Math.Abs(level));
    }
}
