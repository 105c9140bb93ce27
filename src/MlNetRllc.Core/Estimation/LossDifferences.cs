using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Core.Estimation;

/// <summary>The kept draws of a trace as differences to its baseline, with the standard error of
/// their mean.</summary>
internal sealed class LossDifferences
{
    private readonly double[] _differences;

    private LossDifferences(
        double[] differences,
        int kept,
        int[] finite,
        double[] chainMeans,
        bool baselineIsFinite,
        double standardError)
    {
        _differences = differences;
        (Kept, Finite, ChainMeans, BaselineIsFinite, StandardError) = (kept, finite, chainMeans, baselineIsFinite, standardError);
    }

    /// <summary>Draws of each chain that are kept.</summary>
    public int Kept { get; }

    /// <summary>Chains, by number, whose kept draws are all finite.</summary>
    public IReadOnlyList<int> Finite { get; }

    /// <summary>Mean difference of every chain, nats; NaN for one that diverged.</summary>
    public IReadOnlyList<double> ChainMeans { get; }

    /// <summary>Whether every baseline loss in use is finite.</summary>
    public bool BaselineIsFinite { get; }

    /// <summary>Standard error of the mean difference, nats.</summary>
    public double StandardError { get; }

    /// <summary>The differences of a chain that stayed finite, [draw].</summary>
    public double[] Chain(int chain)
    {
        for (var i = 0; i < Finite.Count; i++)
            if (Finite[i] == chain) return _differences[(i * Kept)..((i + 1) * Kept)];
        throw new ArgumentOutOfRangeException(
            nameof(chain), $"{chain}", "The chain is not among those that stayed finite.");
    }

    public static LossDifferences From(LossTrace? trace, EstimationOptions options, int draws)
    {
        ArgumentNullException.ThrowIfNull(trace);
        options.Validated();
        Check(trace);
        var discard = Math.Min(
            draws, Math.Max(options.DiscardDraws, (int)Math.Ceiling(options.DiscardFraction * draws)));
        var kept = draws - discard;
        var unpaired = options.Baseline == BaselineKind.Unpaired;
        var batches = Math.Min(options.BaselineBatches, draws);
        var constant = unpaired ? trace.BaselineLosses.Take(batches).DefaultIfEmpty(double.NaN).Average() : 0;

        double At(int chain, int draw) =>
            trace.Losses[chain * trace.Draws + draw] - (unpaired ? constant : trace.BaselineLosses[draw]);

        var baselineIsFinite = unpaired
            ? double.IsFinite(constant)
            : Enumerable.Range(discard, kept).All(t => double.IsFinite(trace.BaselineLosses[t]));
        var finite = Enumerable.Range(0, trace.Chains)
            .Where(c => IsFinite(trace, c, discard, draws) && baselineIsFinite)
            .ToArray();
        var differences = new double[finite.Length * kept];
        var means = Enumerable.Repeat(double.NaN, trace.Chains).ToArray();
        for (var i = 0; i < finite.Length; i++)
        {
            for (var t = 0; t < kept; t++) differences[i * kept + t] = At(finite[i], discard + t);
            if (kept > 0) means[finite[i]] = differences.AsSpan(i * kept, kept).ToArray().Average();
        }
        var error = ChainStandardError.Estimate(differences, finite.Length, kept);
        if (unpaired)
            error = WithBaselineNoise(error, trace, differences, finite.Length, discard, kept, batches);
        return new LossDifferences(differences, kept, finite, means, baselineIsFinite, error);
    }

    /// <summary>Adds the variance of a baseline over n minibatches, s^2/n, less twice its
    /// covariance with the mean of the draws: of the T kept draws, v stand on the same minibatches,
    /// so the covariance is v cov / (n T).</summary>
    private static double WithBaselineNoise(
        double error, LossTrace trace, double[] differences, int chains, int discard, int kept, int batches)
    {
        if (batches < 2 || kept < 2 || chains == 0) return double.NaN;
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
            for (var c = 0; c < chains; c++) across += differences[c * kept + t] / chains;
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
    }
}
