using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Core.Estimation;

/// <summary>The kept draws of a trace as differences to its baseline, with the standard error of
/// their mean.</summary>
internal sealed class LossDifferences
{
    private LossDifferences(
        double[][] chains, double[][] independent, int kept, double[] chainMeans, bool baselineIsFinite, double standardError)
    {
        (Chains, Independent) = (chains, independent);
        (Kept, ChainMeans, BaselineIsFinite, StandardError) = (kept, chainMeans, baselineIsFinite, standardError);
    }

    /// <summary>Draws of each chain that are kept.</summary>
    public int Kept { get; }

    /// <summary>Chains, by number, whose kept draws are all finite; of antithetic ones, those whose partner's are too.</summary>
    public required IReadOnlyList<int> Used { get; init; }

    /// <summary>The differences of those chains, [chain][draw].</summary>
    public IReadOnlyList<double[]> Chains { get; }

    /// <summary>Series that are independent but for their minibatches, [series][draw]: those chains, or the means of
    /// antithetic pairs of them.</summary>
    public IReadOnlyList<double[]> Independent { get; }

    /// <summary>Mean difference of every chain, nats; NaN for one that diverged.</summary>
    public IReadOnlyList<double> ChainMeans { get; }

    /// <summary>Whether every baseline loss in use is finite.</summary>
    public bool BaselineIsFinite { get; }

    /// <summary>Standard error of the mean difference, nats.</summary>
    public double StandardError { get; }

    /// <summary>By how much the chains' rise from w* still moves the mean difference, nats, and over how many draws it falls by e; 0
    /// where it cannot be told from noise.</summary>
    public (double Shift, double Tau) FindTransient()
    {
        if (Kept < 8 || !(StandardError > 0)) return default;
        var fit = TransientFit.To([.. Enumerable.Range(0, Kept).Select(t => Independent.Average(series => series[t]))]);
        // Chains begin at w*, at a difference of 0: their way from there is to where they are now.
        var isOfTheWay = fit.MeanShift * Chains.Average(chain => chain.Average()) < 0;
        return isOfTheWay && fit.IsTold(StandardError) ? (fit.MeanShift, fit.Tau) : default;
    }

    public static LossDifferences From(LossTrace? trace, EstimationOptions options, int draws)
    {
        ArgumentNullException.ThrowIfNull(trace);
        options.Validated();
        Check(trace);
        var discard = options.Discarded(draws);
        var kept = draws - discard;
        var unpaired = options.Baseline == BaselineKind.Unpaired;
        var batches = Math.Min(options.BaselineBatches, draws);
        var constant = unpaired ? trace.BaselineLosses.Take(batches).DefaultIfEmpty(double.NaN).Average() : 0;

        double At(int chain, int draw) =>
            trace.Losses[chain * trace.Draws + draw] - (unpaired ? constant : trace.BaselineLosses[draw]);

        var baselineIsFinite = unpaired
            ? double.IsFinite(constant)
            : Enumerable.Range(discard, kept).All(t => double.IsFinite(trace.BaselineLosses[t]));
        var all = Enumerable.Range(0, trace.Chains)
            .Select(c => baselineIsFinite && IsFinite(trace, c, discard, draws)
                ? Enumerable.Range(discard, kept).Select(t => At(c, t)).ToArray() : null)
            .ToArray();
        int[] used = [.. Enumerable.Range(0, trace.Chains)
            .Where(c => all[c] is not null && (!trace.Antithetic || all[c ^ 1] is not null))];
        double[][] chains = [.. used.Select(c => all[c]!)];
        var independent = trace.Antithetic ? PairMeans(chains) : chains;
        var differences = independent.SelectMany(series => series).ToArray();
        var error = ChainStandardError.Estimate(differences, independent.Length, kept);
        if (unpaired)
            error = WithBaselineNoise(error, trace, differences, independent.Length, discard, kept, batches);
        double[] means = [.. all.Select(chain => chain is { Length: > 0 } ? chain.Average() : double.NaN)];
        return new LossDifferences(chains, independent, kept, means, baselineIsFinite, error) { Used = used };
    }

    private static double[][] PairMeans(double[][] chains) =>
        [.. chains.Chunk(2).Select(pair => pair[0].Zip(pair[1], (plus, minus) => (plus + minus) / 2).ToArray())];

    /// <summary>Adds the variance of a baseline over n minibatches, s^2/n, less twice its
    /// covariance with the mean of the draws: of the T kept draws, v stand on the same minibatches,
    /// so the covariance is v cov / (n T).</summary>
    private static double WithBaselineNoise(
        double error, LossTrace trace, double[] differences, int series, int discard, int kept, int batches)
    {
        if (batches < 2 || kept < 2 || series == 0) return double.NaN;
        var first = trace.BaselineLosses.Take(batches).ToArray();
        var mean = first.Average();
        var variance = first.Sum(x => (x - mean) * (x - mean)) / (batches - 1);

        var overlap = Math.Max(0, batches - discard);
        var keptMean = trace.BaselineLosses.Skip(discard).Take(kept).Average();
        var level = differences.Average();
        double covariance = 0;
        for (var t = 0; t < kept; t++)
        {
            var across = 0.0;
            for (var s = 0; s < series; s++) across += differences[s * kept + t] / series;
            covariance += (trace.BaselineLosses[discard + t] - keptMean) * (across - level) / (kept - 1);
        }
        return Math.Sqrt(Math.Max(0, error * error + variance / batches - 2 * overlap * covariance / ((double)batches * kept)));
    }

    private static bool IsFinite(LossTrace trace, int chain, int from, int to)
    {
        for (var t = from; t < to; t++)
            if (!double.IsFinite(trace.Losses[chain * trace.Draws + t])) return false;
        return true;
    }

    private static void Check(LossTrace trace)
    {
        if (trace.Losses.Count != (long)trace.Chains * trace.Draws)
            throw new ArgumentException($"{trace.Component}: {trace.Losses.Count} losses cannot be "
                + $"{trace.Chains} chains x {trace.Draws} draws.", nameof(trace));
        if (trace.BaselineLosses.Count != trace.Draws)
            throw new ArgumentException(
                $"{trace.Component}: {trace.BaselineLosses.Count} baseline losses for {trace.Draws} draws; each draw needs one.",
                nameof(trace));
        if (trace.Antithetic && trace.Chains % 2 != 0)
            throw new ArgumentException(
                $"{trace.Component}: {trace.Chains} chains cannot be antithetic pairs; an even number is wanted.", nameof(trace));
    }
}
