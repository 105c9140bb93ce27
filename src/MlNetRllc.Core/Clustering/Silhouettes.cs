namespace MlNetRllc.Core.Clustering;

/// <summary>Silhouettes (Rousseeuw 1987): how much nearer each item is to its own cluster than to the next.</summary>
public static class Silhouettes
{
    /// <summary>s = (b - a) / max(a, b): a the mean distance to the other items of the own cluster, b the least mean distance to another
    /// cluster's. 0 for an item alone in its cluster and where all distances are 0; NaN for all when there is one cluster.</summary>
    /// <param name="distances">[item, item].</param>
    /// <param name="labels">[item], 0 and up.</param>
    public static double[] Compute(double[,] distances, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(labels);
        var clusters = labels.Distinct().ToArray();
        if (clusters.Length < 2) return [.. labels.Select(_ => double.NaN)];
        return [.. labels.Select((own, item) =>
        {
            if (labels.Count(label => label == own) == 1) return 0;
            var inside = MeanTo(item, own);
            var outside = clusters.Where(cluster => cluster != own).Min(cluster => MeanTo(item, cluster));
            return Math.Max(inside, outside) is var larger and > 0 ? (outside - inside) / larger : 0;
        })];

        double MeanTo(int item, int cluster) =>
            Enumerable.Range(0, labels.Count).Where(other => other != item && labels[other] == cluster)
                .Average(other => distances[item, other]);
    }
}
