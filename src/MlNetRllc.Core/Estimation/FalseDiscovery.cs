namespace MlNetRllc.Core.Estimation;

/// <summary>What is left of many p-values: the share of false ones among those that are called out.</summary>
public static class FalseDiscovery
{
    /// <summary>The q-value of each p-value: the least false discovery rate at which it is still called out (Benjamini and Hochberg,
    /// J. R. Statist. Soc. B 57, 1995).</summary>
    /// <param name="pValues">P-values, 0 to 1; NaN is left out, and stays NaN.</param>
    public static double[] QValues(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        int[] order = [.. Enumerable.Range(0, pValues.Count).Where(i => !double.IsNaN(pValues[i])).OrderByDescending(i => pValues[i])];
        var (qValues, least) = (Enumerable.Repeat(double.NaN, pValues.Count).ToArray(), 1.0);
        for (var i = 0; i < order.Length; i++)
        {
            least = Math.Min(least, pValues[order[i]] * order.Length / (order.Length - i));
            qValues[order[i]] = least;
        }
        return qValues;
    }
}
