using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Clustering;

/// <summary>A measure of how far two labellings agree.</summary>
public enum AgreementIndex
{
    /// <summary>Pairs that are together or apart in both, adjusted for chance.</summary>
    AdjustedRand,

    /// <summary>Shared information as a part of the entropies.</summary>
    NormalizedMutualInformation,

    /// <summary>The same, adjusted for chance.</summary>
    AdjustedMutualInformation,
}

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

    /// <summary>Adjusted mutual information (Vinh, Epps and Bailey 2010): (I - E) / (H - E), E the mean
    /// of I over all labellings with the same sizes of clusters, H the mean of the two entropies: 1
    /// for equal partitions, about 0 for unrelated ones, also below. Two partitions of one cluster each agree: 1.</summary>
    /// <exception cref="ArgumentException">The labellings are of different lengths.</exception>
    public static double AdjustedMutualInformation<TFirst, TSecond>(
        IReadOnlyList<TFirst> first, IReadOnlyList<TSecond> second)
        where TFirst : notnull where TSecond : notnull
    {
        var table = Table(first, second);
        if (table.Rows.Length == table.Columns.Length && (table.Rows.Length <= 1 || table.Rows.Length == table.Count)) return 1;
        double inFirst = Entropy(table.Rows, table.Count), inSecond = Entropy(table.Columns, table.Count);
        var information = inFirst + inSecond - Entropy(table.Cells, table.Count);
        var expected = ChanceInformation.Mean(table.Rows, table.Columns, table.Count);
        var largest = (inFirst + inSecond) / 2;
        return Math.Abs(largest - expected) <= 1e-14 * largest ? 0 : (information - expected) / (largest - expected);
    }

    /// <summary>How often labels that have nothing to do with the items agree as well: the second labelling
    /// is shuffled, and (1 + those that reach the index) / (1 + <paramref name="permutations"/>)
    /// is the p-value, above 0 (Phipson and Smyth 2010). 1 where either has one label only.</summary>
    /// <param name="first">[item].</param>
    /// <param name="second">[item].</param>
    /// <param name="index">Which index.</param>
    /// <param name="permutations">How many; the least p-value is 1 / (1 + permutations).</param>
    /// <param name="seed">Of the shuffles; what it gives depends on nothing else.</param>
    /// <exception cref="ArgumentException">The labellings are of different lengths.</exception>
    public static double PermutationPValue<TFirst, TSecond>(
        IReadOnlyList<TFirst> first, IReadOnlyList<TSecond> second, AgreementIndex index = AgreementIndex.AdjustedRand,
        int permutations = 9999, int seed = 1)
        where TFirst : notnull where TSecond : notnull
    {
        Limits.AtLeast(permutations, 1);
        var reached = Index(first, second, index) - 1e-12;
        // Shuffles keep the sizes of clusters, so they change the cells of the table and nothing else.
        int[] shuffled = [.. Numbered(second)], rows = [.. Numbered(first)];
        var random = new SplitMix(seed, first.Count);
        var asGood = 0;
        for (var i = 0; i < permutations; i++)
        {
            for (var left = shuffled.Length - 1; left > 0; left--)
            {
                var other = random.Below(left + 1);
                (shuffled[left], shuffled[other]) = (shuffled[other], shuffled[left]);
            }
            if (Index(rows, shuffled, index) >= reached) asGood++;
        }
        return (1.0 + asGood) / (1.0 + permutations);
    }

    private static double Index<TFirst, TSecond>(
        IReadOnlyList<TFirst> first, IReadOnlyList<TSecond> second, AgreementIndex index)
        where TFirst : notnull where TSecond : notnull => index switch
        {
            AgreementIndex.AdjustedRand => AdjustedRandIndex(first, second),
            AgreementIndex.NormalizedMutualInformation => NormalizedMutualInformation(first, second),
            AgreementIndex.AdjustedMutualInformation => AdjustedMutualInformation(first, second),
            _ => throw new ArgumentOutOfRangeException(nameof(index), index, "Unknown index of agreement."),
        };

    private static IEnumerable<int> Numbered<T>(IReadOnlyList<T> labels) where T : notnull
    {
        var numbers = new Dictionary<T, int>();
        foreach (var label in labels)
        {
            numbers.TryAdd(label, numbers.Count);
            yield return numbers[label];
        }
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
