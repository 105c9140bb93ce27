using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Clustering;

/// <summary>Agglomerative clustering by the Lance-Williams rules, cut at a number of clusters.</summary>
/// <remarks>Starting from single items, the two nearest groups are joined until one is left; of
/// equal distances the pair with the lowest items. Ward's rule is for Euclidean distances d (not
/// squared): d(ij,h)^2 = ((n_i+n_h) d_ih^2 + (n_j+n_h) d_jh^2 - n_h
/// d_ij^2) / (n_i+n_j+n_h).</remarks>
public static class HierarchicalClustering
{
    /// <summary>Cluster of each item, 0 to k-1, numbered by first appearance.</summary>
    /// <param name="distances">[item, item], symmetric.</param>
    /// <param name="k">Number of clusters, 1 to the number of items.</param>
    /// <param name="linkage">How distances between groups follow.</param>
    /// <exception cref="ArgumentException">The table is not square or not symmetric, or a distance is negative or not finite.</exception>
    public static int[] Cut(double[,] distances, int k, Linkage linkage)
    {
        ArgumentNullException.ThrowIfNull(distances);
        Limits.AtLeast(k, 1);
        Limits.AtMost(k, distances.GetLength(0));
        Check(distances);
        CheckPairs(distances);
        return Tree(distances, linkage).Cut(k);
    }

    /// <summary>How the items are joined, down to one group, with the heights; none of one item.</summary>
    /// <param name="distances">[item, item], symmetric.</param>
    /// <param name="linkage">How distances between groups follow.</param>
    /// <exception cref="ArgumentException">The table is not square or not symmetric, or a distance is negative or not finite.</exception>
    public static IReadOnlyList<GroupMerge> Merges(double[,] distances, Linkage linkage)
    {
        ArgumentNullException.ThrowIfNull(distances);
        Check(distances);
        CheckPairs(distances);
        return distances.GetLength(0) == 0 ? [] : Tree(distances, linkage).Merges();
    }

    /// <summary>All joins, which can be cut at every number of clusters.</summary>
    /// <remarks>Each group keeps the nearest of those behind it, and looks for it anew only when
    /// one of the two joined was it (Anderberg, Cluster analysis for applications, 1973, ch. 6):
    /// about the square of the items where a search over all pairs takes the cube.</remarks>
    /// <param name="distances">[item, item], symmetric.</param>
    /// <param name="linkage">How distances between groups follow.</param>
    internal static Dendrogram Tree(double[,] distances, Linkage linkage)
    {
        var count = distances.GetLength(0);
        var groups = new NearestGroups((double[,])distances.Clone());
        var sizes = Enumerable.Repeat(1, count).ToArray();
        var (joins, heights) = (new List<Join>(Math.Max(0, count - 1)), new List<double>(Math.Max(0, count - 1)));
        while (joins.Count < count - 1)
        {
            var join = groups.Nearest();
            heights.Add(groups[join.Left, join.Right]);
            groups.Merge(join, other => Joined(linkage, sizes[join.Left], sizes[join.Right], sizes[other],
                groups[join.Left, other], groups[join.Right, other], groups[join.Left, join.Right]));
            sizes[join.Left] += sizes[join.Right];
            joins.Add(join);
        }
        return new(count, joins, heights);
    }

    /// <summary>Refuses a table that is no table of distances, with the place.</summary>
    internal static void Check(double[,] distances)
    {
        var count = distances.GetLength(0);
        if (distances.GetLength(1) != count)
            throw new ArgumentException($"The table of distances is {count} x {distances.GetLength(1)}; it must be square.",
                nameof(distances));
        for (var i = 0; i < count; i++)
            for (var j = 0; j < count; j++)
                if (!double.IsFinite(distances[i, j]))
                    throw new ArgumentException($"The distance of items {i} and {j} is {distances[i, j]}; a finite number is needed.",
                        nameof(distances));
    }

    private static void CheckPairs(double[,] distances)
    {
        for (var i = 0; i < distances.GetLength(0); i++)
            for (var j = 0; j < i; j++)
            {
                var (there, back) = (distances[i, j], distances[j, i]);
                if (there < 0 || back < 0)
                    throw new ArgumentException($"The distance of items {i} and {j} is {Math.Min(there, back)}; it must be at least 0.",
                        nameof(distances));
                // Sums in another order may differ by rounding.
                if (Math.Abs(there - back) > 1e-9 * Math.Max(there, back))
                    throw new ArgumentException($"The distance of items {i} and {j} is {there}, and that of {j} and {i} is {back}; "
                        + "the table must be symmetric.", nameof(distances));
            }
    }

    private static double Joined(
        Linkage linkage,
        double left,
        double right,
        double other,
        double toLeft,
        double toRight,
        double joint) =>
        linkage switch
        {
            Linkage.Single => Math.Min(toLeft, toRight),
            Linkage.Complete => Math.Max(toLeft, toRight),
            Linkage.Average => (left * toLeft + right * toRight) / (left + right),
            Linkage.Ward => Math.Sqrt(Math.Max(0,
                ((left + other) * toLeft * toLeft + (right + other) * toRight * toRight - other * joint * joint) / (left + right + other))),
            _ => throw new ArgumentOutOfRangeException(nameof(linkage), linkage, "Unknown linkage."),
        };
}
