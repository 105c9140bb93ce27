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
        var table = Table(first, second);
        double together = table.Cells.Sum(Pairs), all = Pairs(table.Count);
        double inFirst = table.Rows.Sum(Pairs), inSecond = table.Columns.Sum(Pairs);
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
        var table = Table(first, second);
        double inFirst = Entropy(table.Rows, table.Count), inSecond = Entropy(table.Columns, table.Count);
        if (inFirst + inSecond == 0) return 1;
        return Math.Clamp(2 * (inFirst + inSecond - Entropy(table.Cells, table.Count)) / (inFirst + inSecond), 0, 1);
    }

    private static ContingencyTable Table<TFirst, TSecond>(
        IReadOnlyList<TFirst> first, IReadOnlyList<TSecond> second) where TFirst : notnull where TSecond : notnull
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count)
            throw new ArgumentException($"{first.Count} labels cannot be compared with {second.Count}; each item needs one in both.",
                nameof(second));
        return new(
            [.. first.Zip(second).GroupBy(pair => pair).Select(cell => cell.Count())],
            [.. first.GroupBy(label => label).Select(row => row.Count())],
            [.. second.GroupBy(label => label).Select(column => column.Count())], first.Count);
    }

    private static double Pairs(int n) => n * (n - 1.0) / 2;

    private static double Entropy(int[] counts, int total) =>
        -counts.Sum(n => (double)n / total * Math.Log((double)n / total));

    /// <summary>How often labels meet.</summary>
    /// <param name="Cells">Items of each pair of labels that occurs.</param>
    /// <param name="Rows">Items of each label of the first labelling.</param>
    /// <param name="Columns">Items of each label of the second.</param>
    /// <param name="Count">Number of items.</param>
    private readonly record struct ContingencyTable(int[] Cells, int[] Rows, int[] Columns, int Count);
}
