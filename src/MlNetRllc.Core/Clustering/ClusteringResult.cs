namespace MlNetRllc.Core.Clustering;

/// <summary>How well k clusters fit.</summary>
/// <param name="K">Number of clusters.</param>
/// <param name="Silhouette">Mean silhouette over the curves, -1 to 1.</param>
/// <param name="Cost">Sum of squared distances to the own centre, in squared units of the method's distance.</param>
public sealed record ClusterCount(int K, double Silhouette, double Cost)
{
    /// <summary>Cluster of each item among these k, as <see cref="ClusteringResult.Labels"/> are.</summary>
    public IReadOnlyList<int> Labels { get; init; } = [];
}

/// <summary>A curve that could not take part.</summary>
/// <param name="Index">Its place among the curves given.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record ExcludedCurve(int Index, string Reason);

/// <summary>Curves in clusters. Lists over items are in the order of the curves given.</summary>
public sealed record ClusteringResult
{
    /// <summary>Cluster of each item, 0 to K-1, numbered by first appearance; -1 for an excluded
    /// one.</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>Number of clusters; 0 when every curve is excluded.</summary>
    public required int K { get; init; }

    /// <summary>Silhouette and cost for every number of clusters tried.</summary>
    public required IReadOnlyList<ClusterCount> Counts { get; init; }

    /// <summary>Silhouette of each item, [item], -1 to 1; 0 for one alone in its cluster; NaN for an
    /// excluded one or a single cluster, and for those outside of the sample where there are more
    /// than 4,096 curves (the notes say so).</summary>
    public required IReadOnlyList<double> ItemSilhouettes { get; init; }

    /// <summary>Distance of each item to each centre, [item][cluster], in units of the
    /// method's own distance; NaN for an excluded one.</summary>
    public required IReadOnlyList<double[]> Distances { get; init; }

    /// <summary>Centres, [cluster][point], on <see cref="Axis"/> and in units of <see cref="Prepared"/>.</summary>
    public required IReadOnlyList<double[]> Centres { get; init; }

    /// <summary>Curves as they were clustered (gaps filled, resampled, smoothed, normalised: in units of
    /// their normalisation),
    /// [item][point]; empty for an excluded one.</summary>
    public required IReadOnlyList<double[]> Prepared { get; init; }

    /// <summary>Training step at each point of <see cref="Centres"/>, [point]; the position 0, 1, ... when no steps
    /// were given.</summary>
    public required IReadOnlyList<double> Axis { get; init; }

    /// <summary>Curves left out.</summary>
    public required IReadOnlyList<ExcludedCurve> Excluded { get; init; }

    /// <summary>What a reader must know, such as a number of clusters that had to be lowered.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Mean silhouette of the clustering, -1 to 1; NaN for a single cluster.</summary>
    public double Silhouette => Silhouettes.MeanOf(ItemSilhouettes);
}
