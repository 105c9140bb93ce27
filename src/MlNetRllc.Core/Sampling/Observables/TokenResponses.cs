using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Core.Sampling.Observables;

/// <summary>What one row's chains do to each token of a probe set: nbeta times the mean of its loss less that of w*, nats.</summary>
/// <remarks>A token's value is its share of the rLLC: their mean over a set is the rLLC that is observed on it.</remarks>
internal sealed class TokenResponses
{
    private readonly double nBeta;
    private readonly float[][][] series; // [independent series][batch of draws][context, pos - 1]

    private TokenResponses(double nBeta, float[][][] series, int[] draws)
    {
        (this.nBeta, this.series) = (nBeta, series);
        var (all, values) = ((double)series.Length * draws.Sum(), new double[series[0][0].Length]);
        foreach (var chain in series)
            foreach (var (batch, differences) in chain.Index())
                for (var t = 0; t < values.Length; t++) values[t] += nBeta * draws[batch] * differences[t] / all;
        Values = values;
    }

    /// <summary>[context, pos - 1], row-major, nats; NaN where a difference is.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The standard error of a value, as that of a whole row's; NaN where the draws are too few for one.</summary>
    /// <param name="token">Its place in <see cref="Values"/>.</param>
    public double ErrorOf(int token)
    {
        double[] differences = [.. series.SelectMany(chain => chain.Select(batch => (double)batch[token]))];
        return nBeta * ChainStandardError.Estimate(differences, series.Length, series[0].Length);
    }

    /// <summary>Reads what a row kept of a probe set.</summary>
    /// <param name="records">Its records, in the order of draws; chains that diverged are left out, and where chains are antithetic
    /// their partners too.</param>
    /// <param name="nBeta">The row's effective inverse temperature.</param>
    /// <param name="antithetic">Whether chains are pairs that walk against each other.</param>
    /// <returns>Null where every chain diverged.</returns>
    public static TokenResponses? From(IEnumerable<TokenRecord> records, double nBeta, bool antithetic)
    {
        var chains = records.GroupBy(r => r.Chain).ToDictionary(g => g.Key, g => g.ToList());
        bool IsWhole(int chain) => chains.TryGetValue(chain, out var own) && own.TrueForAll(r => !float.IsNaN(r.Differences.Span[0]));
        int[] used = [.. chains.Keys.Where(chain => IsWhole(chain) && (!antithetic || IsWhole(chain ^ 1))).Order()];
        if (used.Length == 0) return null;
        float[][][] own = [.. used.Select(chain => chains[chain].Select(r => r.Differences.ToArray()).ToArray())];
        var independent = antithetic ? [.. own.Chunk(2).Select(pair => MeanOf(pair[0], pair[1]))] : own;
        return new(nBeta, independent, [.. chains[used[0]].Select(r => r.Draws)]);
    }

    private static float[][] MeanOf(float[][] plus, float[][] minus) =>
        [.. plus.Zip(minus, (p, m) => p.Zip(m, (x, y) => (x + y) / 2).ToArray())];
}
