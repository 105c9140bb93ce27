using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Core.Estimation;

/// <summary>How far the values of patterns spread over the choice of texts: bootstrap over contexts (Efron and Tibshirani, An
/// Introduction to the Bootstrap, 1993, chapter 6).</summary>
internal static class TextErrors
{
    /// <summary>Standard errors of each pattern, [pattern].</summary>
    /// <remarks>All patterns meet the same resamples, so that a ratio of two knows what they share. A resample without a token of a
    /// pattern is left out of that pattern's spread.</remarks>
    /// <returns>Of the rLLC, in its units, and of its ratio to the first pattern's; NaN where fewer than 2 contexts have the
    /// pattern.</returns>
    public static (double Rllc, double Profile)[] Estimate(ProbeTrace probe, double nbeta, PatternEstimationOptions options)
    {
        var (patterns, contexts) = (probe.Patterns.Count, probe.Contexts);
        double[] sums = [.. probe.ContextSums];
        int[] tokens = [.. probe.ContextTokens];
        var (values, ratios) = (new Moments[patterns], new Moments[patterns]);
        var random = NamedRandom.Stream(options.Seed, "resampled contexts");
        var (total, count) = (new double[patterns], new long[patterns]);
        for (var resample = 0; resample < options.Resamples; resample++)
        {
            Array.Clear(total);
            Array.Clear(count);
            for (var i = 0; i < contexts; i++)
            {
                var at = random.Integer(contexts, (ulong)resample, (ulong)i) * patterns;
                for (var p = 0; p < patterns; p++)
                {
                    total[p] += sums[at + p];
                    count[p] += tokens[at + p];
                }
            }
            for (var p = 0; p < patterns; p++)
            {
                if (count[p] == 0) continue;
                values[p].Add(nbeta * total[p] / count[p]);
                ratios[p].Add(total[p] / count[p] / (total[0] / count[0]));
            }
        }
        return [.. Enumerable.Range(0, patterns).Select(p =>
            Enumerable.Range(0, contexts).Count(c => tokens[c * patterns + p] > 0) < 2 ? (double.NaN, double.NaN)
                : (values[p].StandardDeviation, ratios[p].StandardDeviation))];
    }

    /// <summary>Mean and spread of what is added (Welford).</summary>
    private struct Moments
    {
        private int count;
        private double mean, squares;

        public readonly double StandardDeviation => count < 2 ? double.NaN : Math.Sqrt(squares / (count - 1));

        public void Add(double value)
        {
            count++;
            var away = value - mean;
            mean += away / count;
            squares += away * (value - mean);
        }
    }
}
