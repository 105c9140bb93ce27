namespace MlNetRllc.Core.Clustering;

/// <summary>How far two labellings of the same items agree; the names of labels do not matter.</summary>
public static class ClusterAgreement
{
    /// <summary>Adjusted Rand index (Hubert and Arabie 1985): 1 for equal partitions, about 0 for
    /// unrelated ones, down to -0.5. Two partitions that both are one cluster, or both single
    /// items, agree: 1.</summary>
    /// <exception cref="ArgumentException">The labellings are of different lengths.</exception>
    public static double AdjustedRandIndex<TFirst, TSecond>(
        IReadOnlyList<TFirst> first, IReadOnlyList<TSecond> second)
        where TFirst : notnull where TSecond : notnull
    {
        var (cells, rows, columns, count) = Table(first, second);
        double together = cells.Sum(Pairs), inFirst = rows.Sum(Pairs), inSecond = columns.Sum(Pairs), all = Pairs(count);
        var expected = all == 0 ? 0 : inFirst * inSecond / all;
        var largest = (inFirst + inSecond) / 2;
        return largest == expected ? 1 : (together - expected) / (largest - expected);
    }

    /// <summary>Normalised mutual information: I / mean of the two entropies, 0 to 1. Two
    /// partitions of one cluster each agree: 1.</summary>
    /// <exception cref="ArgumentException">The labellings are of different lengths.</exception>
    public static double NormalizedMutualInformation<TFirst, TSecond>(
        IReadOnlyList<TFirst> first, IReadOnlyList<TSecond> second)
        where TFirst : notnull where TSecond : notnull
    {
        var (cells, rows, columns, count) = Table(first, second);
        double inFirst = Entropy(rows, count), inSecond = Entropy(columns, count);
        if (inFirst + inSecond == 0) return 1;
        return Math.Clamp(2 * (inFirst + inSecond - Entropy(cells, count)) / (inFirst + inSecond), 0, 1);
    }

    private static (int[] Cells, int[] Rows, int[] Columns, int Count) Table<TFirst, TSecond>(
        IReadOnlyList<TFirst> first, IReadOnlyList<TSecond> second) where TFirst : notnull where TSecond : notnull
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count)
            throw new ArgumentException($"{first.Count} labels cannot be compared with {second.Count}; each item needs one in both.",
                nameof(second));
        return ([.. first.Zip(second).GroupBy(pair => pair).Select(cell => cell.Count())],
            [.. first.GroupBy(label => label).Select(row => row.Count())],
            [.. second.GroupBy(label => label).Select(column => column.Count())], first.Count);
    }

    private static double Pairs(int n) => n * (n - 1.0) / 2;

    private static double Entropy(int[] counts, int total) =>
        -counts.Sum(n => (double)n / total * Math.Log((double)n / total));
}
