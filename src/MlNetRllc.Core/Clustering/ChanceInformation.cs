using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Clustering;

/// <summary>The mutual information that labellings have by chance: its mean over all that have given
/// sizes of clusters (Vinh, Epps and Bailey 2010), nats.</summary>
internal static class ChanceInformation
{
    /// <summary>The mean information; how often a cell holds n items is hypergeometric.</summary>
    /// <param name="rows">Items of each cluster of the first labelling.</param>
    /// <param name="columns">Items of each cluster of the second.</param>
    /// <param name="count">Number of items.</param>
    public static double Mean(int[] rows, int[] columns, int count)
    {
        var logFactorial = new double[count + 1];
        for (var n = 2; n <= count; n++) logFactorial[n] = logFactorial[n - 1] + ScalarFunctions.Log(n);
        double LogWays(int n, int k) => logFactorial[n] - logFactorial[k] - logFactorial[n - k];
        // Clusters of one size have the same cells.
        var (bySize, ofSize) = (rows.CountBy(n => n), columns.CountBy(n => n).ToArray());
        var sum = 0.0;
        foreach (var (row, rowTimes) in bySize)
            foreach (var (column, columnTimes) in ofSize)
                for (var n = Math.Max(1, row + column - count); n <= Math.Min(row, column); n++)
                {
                    var chance = ScalarFunctions.Exp(LogWays(row, n) + LogWays(count - row, column - n) - LogWays(count, column));
                    var information = (double)n / count * ScalarFunctions.Log((double)count * n / ((double)row * column));
                    sum += (double)rowTimes * columnTimes * chance * information;
                }
        return sum;
    }
}
