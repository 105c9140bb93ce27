using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Clustering;

/// <summary>Agglomerative clustering by the Lance-Williams rules, cut at a number of clusters.</summary>
/// <remarks>Starting from single items, the two nearest groups are joined until k are left; of equal distances the pair with the lowest
/// items. Ward's rule is for Euclidean distances d (not squared): d(ij,h)^2 = ((n_i+n_h) d_ih^2 + (n_j+n_h) d_jh^2 - n_h d_ij^2) /
/// (n_i+n_j+n_h).</remarks>
public static class HierarchicalClustering
{
    /// <summary>Cluster of each item, 0 to k-1, numbered by first appearance.</summary>
    /// <param name="distances">[item, item], symmetric.</param>
    /// <param name="k">Number of clusters, 1 to the number of items.</param>
    /// <param name="linkage">How distances between groups follow.</param>
    public static int[] Cut(double[,] distances, int k, Linkage linkage)
    {
        ArgumentNullException.ThrowIfNull(distances);
        var count = distances.GetLength(0);
        Limits.AtLeast(k, 1);
        Limits.AtMost(k, count);
        var between = (double[,])distances.Clone();
        var groups = Enumerable.Range(0, count).Select(i => new List<int> { i }).ToArray();
        var alive = Enumerable.Range(0, count).ToList();
        while (alive.Count > k)
        {
            var (left, right) = Nearest(between, alive);
            foreach (var other in alive)
                if (other != left && other != right)
                    between[left, other] = between[other, left] = Joined(
                        linkage, groups[left].Count, groups[right].Count, groups[other].Count,
                        between[left, other], between[right, other], between[left, right]);
            groups[left].AddRange(groups[right]);
            alive.Remove(right);
        }
        var labels = new int[count];
        for (var cluster = 0; cluster < alive.Count; cluster++)
            foreach (var item in groups[alive[cluster]]) labels[item] = cluster;
        return labels;
    }

    private static (int Left, int Right) Nearest(double[,] between, List<int> alive)
    {
        var best = (alive[0], alive[1]);
        for (var a = 0; a < alive.Count; a++)
            for (var b = a + 1; b < alive.Count; b++)
                if (between[alive[a], alive[b]] < between[best.Item1, best.Item2]) best = (alive[a], alive[b]);
        return best;
    }

    private static double Joined(Linkage linkage, double left, double right, double other, double toLeft, double toRight, double joint) =>
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
