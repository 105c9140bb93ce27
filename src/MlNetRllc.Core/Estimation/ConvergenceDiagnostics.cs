using MathNet.Numerics.Distributions;
using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Estimation;

/// <summary>Diagnostics of Markov chains: rank-normalised split R-hat, bulk effective sample size,
/// Geweke's z.</summary>
/// <remarks>
/// <para>Source: Vehtari, Gelman, Simpson, Carpenter, Buerkner, Rank-normalization, folding, and
/// localization, Bayesian Analysis 16 (2021), arXiv 1903.08008: sections 3 and 4. Each chain is
/// split in half (of an odd number of draws the middle one is left out), so chains that drift
/// disagree with themselves.</para>
/// <para>Both take chains to be independent. Chains that share minibatches are not: what they share
/// lowers R-hat and raises the effective sample size. Read these as "the chains agree" and "the
/// draws move", and <see cref="ChainStandardError"/> for the error.</para>
/// <para>All are NaN where they have no meaning: fewer than 4 draws in a chain, a draw that is not
/// finite, or draws that never differ.</para>
/// </remarks>
public static class ConvergenceDiagnostics
{
    /// <summary>R-hat: the larger of that of rank-normalised draws (location) and of their folded
    /// distances from the median (scale).</summary>
    /// <param name="chains">[chain][draw], all of one length.</param>
    public static double RHat(IReadOnlyList<double[]> chains)
    {
        if (Halves(chains) is not { } halves) return double.NaN;
        var median = Median(halves);
        var folded = halves.Select(half => half.Select(x => Math.Abs(x - median)).ToArray()).ToArray();
        var bulk = SplitRHat(RankNormalised(halves));
        // Draws of two values alone fold into one: there is no scale to compare.
        return AllEqual(folded) ? bulk : Math.Max(bulk, SplitRHat(RankNormalised(folded)));
    }

    /// <summary>Bulk effective sample size over all chains, in draws: from the autocorrelations of
    /// the rank-normalised split draws.</summary>
    /// <remarks>NaN for fewer than 10 draws in a chain: a half of 4 has no lags to stop between,
    /// and the formula would give its ceiling.</remarks>
    /// <param name="chains">[chain][draw], all of one length.</param>
    public static double BulkEss(IReadOnlyList<double[]> chains) =>
        Halves(chains) is { } halves && halves[0].Length > 4 ? Ess(RankNormalised(halves)) : double.NaN;

    /// <summary>Geweke's z: (mean of the first 10 % - mean of the last 50 %) / its standard error;
    /// about N(0,1) for a chain that has settled.</summary>
    /// <remarks>Geweke (1992). The spectral density at zero comes from the last half alone (Geyer's
    /// initial monotone sequence), as a tenth of a short chain is too little for one; under the
    /// hypothesis it is the same in both. Chains that start at w* without burn-in fail it by
    /// design, so it is reported and no status depends on it.</remarks>
    public static double Geweke(ReadOnlySpan<double> chain)
    {
        var first = Math.Max(1, chain.Length / 10);
        var last = chain.Length / 2;
        if (last < 4) return double.NaN;
        var tail = chain[^last..].ToArray();
        var tailMean = tail.Average();
        var headMean = 0.0;
        foreach (var value in chain[..first]) headMean += value / first;
        for (var t = 0; t < last; t++) tail[t] -= tailMean;
        var (density, lag) = Autocovariance.SumUntilNoise(new AllAutocovariances(tail).AtLag, last / 2);
        density /= 1 - Math.Min(0.75, (2.0 * lag + 1) / last);
        return density > 0
            ? (headMean - tailMean) / Math.Sqrt(density * (1.0 / first + 1.0 / last))
            : double.NaN;
    }

    private static AllAutocovariances Centred(double[] chain)
    {
        var mean = chain.Average();
        return new([.. chain.Select(x => x - mean)]);
    }

    /// <summary>R-hat of chains as they are: sqrt(((n-1)/n W + B/n) / W), n draws, W the mean
    /// variance within, B/n that of the means.</summary>
    internal static double SplitRHat(double[][] chains)
    {
        double n = chains[0].Length;
        var means = chains.Select(chain => chain.Average()).ToArray();
        var within = chains.Average(Variance);
        return Math.Sqrt(((n - 1) / n * within + Variance(means)) / within);
    }

    /// <summary>Effective sample size of chains as they are (equations 10 to 14 with Geyer's
    /// initial monotone sequence); at most S log10(S) for S draws, since antithetic chains may
    /// exceed S.</summary>
    internal static double Ess(double[][] chains)
    {
        int n = chains[0].Length, total = n * chains.Length;
        var centred = chains.Select(Centred).ToArray();
        double AcovAt(int lag) => centred.Average(chain => chain.AtLag(lag));
        var within = AcovAt(0) * n / (n - 1.0);
        var plus = AcovAt(0) + (chains.Length > 1 ? Variance([.. chains.Select(chain => chain.Average())]) : 0);
        double Rho(int lag) => lag == 0 ? 1 : 1 - (within - AcovAt(lag)) / plus;

        // tau = -1 + 2 (sum of pairs) + the even term after the last positive pair, which lessens
        // the variance for antithetic chains.
        double tau = -1, previous = double.PositiveInfinity;
        for (var lag = 0; ; lag += 2)
        {
            var even = Rho(lag);
            var pair = even + Rho(lag + 1);
            if (!(pair > 0) || lag + 1 >= n - 3)
            {
                tau += Math.Max(even, 0);
                break;
            }
            previous = Math.Min(previous, pair);
            tau += 2 * previous;
        }
        return total / Math.Max(tau, 1 / (ScalarFunctions.Log(total) / ScalarFunctions.Log(10)));
    }

    /// <summary>Normal scores of the pooled ranks: Phi^-1((rank - 3/8) / (S + 1/4)), with ties at
    /// their mean rank (equation 14).</summary>
    internal static double[][] RankNormalised(double[][] chains)
    {
        var pooled = chains.SelectMany(chain => chain).ToArray();
        var order = Enumerable.Range(0, pooled.Length).ToArray();
        Array.Sort(pooled.ToArray(), order);
        var scores = new double[pooled.Length];
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && pooled[order[to]] == pooled[order[from]];) to++;
            var score = Normal.InvCDF(0, 1, ((from + 1 + to) / 2.0 - 0.375) / (pooled.Length + 0.25));
            for (var i = from; i < to; i++) scores[order[i]] = score;
        }
        return [.. scores.Chunk(chains[0].Length)];
    }

    private static double[][]? Halves(IReadOnlyList<double[]> chains)
    {
        if (chains.Count == 0 || chains.Any(chain => chain.Length != chains[0].Length || !chain.All(double.IsFinite)))
            return null;
        var half = chains[0].Length / 2;
        if (half < 2 || AllEqual(chains)) return null;
        return [.. chains.SelectMany(chain => new[] { chain[..half], chain[^half..] })];
    }

    private static bool AllEqual(IReadOnlyList<double[]> chains) =>
        chains.All(chain => chain.All(x => x == chains[0][0]));

    private static double Median(double[][] chains)
    {
        var sorted = chains.SelectMany(chain => chain).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(x => (x - mean) * (x - mean)) / (values.Length - 1);
    }
}
