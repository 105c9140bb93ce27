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

/// <summary>A channel of a curve of which points were missing or not finite, and were filled along
/// straight lines.</summary>
/// <param name="Index">The curve's place among those given.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="Points">How many were filled.</param>
public sealed record FilledCurve(int Index, int Channel, int Points);

/// <summary>Two groups that hierarchical clustering joined.</summary>
/// <param name="First">Group of the lower number: below the number of items an item, from there on
/// the groups in the order of joining.</param>
/// <param name="Second">The other one.</param>
/// <param name="Height">Their distance by the linkage, in units of the distances between items.</param>
/// <param name="Size">Items in the two together.</param>
public sealed record GroupMerge(int First, int Second, double Height, int Size);

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

    /// <summary>Centres, [cluster][point], on <see cref="Axis"/> and in units of <see cref="Prepared"/>; of
    /// several <see cref="Channels"/> [cluster][channel * points + point], which
    /// <see cref="CentreOf"/> takes apart.</summary>
    public required IReadOnlyList<double[]> Centres { get; init; }

    /// <summary>Curves as they were clustered (gaps filled, resampled, smoothed, normalised: in units of
    /// their normalisation),
    /// [item][point]; of several <see cref="Channels"/> [item][channel * points + point], which
    /// <see cref="PreparedOf"/> takes apart; empty for an excluded one.</summary>
    public required IReadOnlyList<double[]> Prepared { get; init; }

    /// <summary>Training step at each point of <see cref="Centres"/>, [point]; the position 0, 1, ... when no steps
    /// were given.</summary>
    public required IReadOnlyList<double> Axis { get; init; }

    /// <summary>Curves left out.</summary>
    public required IReadOnlyList<ExcludedCurve> Excluded { get; init; }

    /// <summary>What a reader must know, such as a number of clusters that had to be lowered.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Channels of each curve.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Rounds of the start that counts: how often its centres were computed; 0 where groups
    /// are joined.</summary>
    public int Rounds { get; init; }

    /// <summary>Sum of squared distances to the own centre after each assignment of that start, [round],
    /// in squared units of the method's distance: the first belongs to the centres it
    /// began from, the last is that of the result unless a round raised it: then the least is.
    /// Empty where groups are joined.</summary>
    public IReadOnlyList<double> CostHistory { get; init; } = [];

    /// <summary>How hierarchical clustering joined items, in its order, down to one group; items are
    /// numbered as given. Empty for the other methods.</summary>
    public IReadOnlyList<GroupMerge> Merges { get; init; } = [];

    /// <summary>Curves with points that were missing or not finite.</summary>
    public IReadOnlyList<FilledCurve> Filled { get; init; } = [];

    /// <summary>Distance of an item to the centre of its own cluster, in units of the method's own
    /// distance; NaN for an excluded one.</summary>
    /// <param name="item">Its place among the curves given.</param>
    public double DistanceToOwn(int item) => Labels[item] is >= 0 and var own ? Distances[item][own] : double.NaN;

    /// <summary>A cluster's centre, [channel][point].</summary>
    /// <param name="cluster">0 to K-1.</param>
    public IReadOnlyList<double[]> CentreOf(int cluster) => Clustering.Channels.Split(Centres[cluster], Channels);

    /// <summary>A curve as it was clustered, [channel][point]; channels without points for an excluded one.</summary>
    /// <param name="item">Its place among the curves given.</param>
    public IReadOnlyList<double[]> PreparedOf(int item) => Clustering.Channels.Split(Prepared[item], Channels);

    /// <summary>Mean silhouette of the clustering, -1 to 1; NaN for a single cluster.</summary>
    public double Silhouette => Silhouettes.MeanOf(ItemSilhouettes);
}
