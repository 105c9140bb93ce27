namespace MlNetRllc.Core.Clustering;

/// <summary>Silhouettes (Rousseeuw 1987): how much nearer each item is to its own cluster than to
/// the next.</summary>
public static class Silhouettes
{
    // Sums are held for each label up to the largest.
    private const int MostLabels = 1_000_000;

    /// <summary>s = (b - a) / max(a, b): a the mean distance to the other items of the own cluster,
    /// b the least mean distance to another cluster's. 0 for an item alone in its cluster and where
    /// all distances are 0; NaN for all when there is one cluster.</summary>
    /// <remarks>Each distance is read once.</remarks>
    /// <param name="distances">[item, item].</param>
    /// <param name="labels">[item], 0 to 999,999.</param>
    /// <exception cref="ArgumentException">The table is not square, a distance is not finite, or labels do not fit.</exception>
    public static double[] Compute(double[,] distances, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(labels);
        HierarchicalClustering.Check(distances);
        if (labels.Count != distances.GetLength(0))
            throw new ArgumentException($"There are {labels.Count} labels for {distances.GetLength(0)} items.", nameof(labels));
        for (var i = 0; i < labels.Count; i++)
            if (labels[i] is < 0 or >= MostLabels)
                throw new ArgumentException($"Label {i} is {labels[i]}; labels are 0 to {MostLabels - 1}.", nameof(labels));
        var sizes = new int[labels.Count == 0 ? 0 : labels.Max() + 1];
        foreach (var label in labels) sizes[label]++;
        if (sizes.Count(size => size > 0) < 2) return [.. labels.Select(_ => double.NaN)];
        var (values, sums) = (new double[labels.Count], new double[sizes.Length]);
        for (var item = 0; item < values.Length; item++)
        {
            Array.Clear(sums);
            for (var other = 0; other < values.Length; other++)
                if (other != item) sums[labels[other]] += distances[item, other];
            values[item] = Silhouette(sums, sizes, labels[item]);
        }
        return values;
    }

    /// <summary>The mean of those that are known; NaN when none is.</summary>
    internal static double MeanOf(IEnumerable<double> silhouettes) =>
        silhouettes.Where(s => !double.IsNaN(s)).DefaultIfEmpty(double.NaN).Average();

    private static double Silhouette(double[] sums, int[] sizes, int own)
    {
        if (sizes[own] == 1) return 0;
        var (inside, outside) = (sums[own] / (sizes[own] - 1), double.PositiveInfinity);
        for (var cluster = 0; cluster < sizes.Length; cluster++)
            if (cluster != own && sizes[cluster] > 0)
                outside = Math.Min(outside, sums[cluster] / sizes[cluster]);
        return Math.Max(inside, outside) is var larger and > 0 ? (outside - inside) / larger : 0;
    }
}
