namespace MlNetRllc.Core.Clustering;

/// <summary>The curves as they were given, of which some are left out: puts results of those that
/// took part in their places.</summary>
/// <param name="Prepared">[curve][channel * point]; null for one that is left out.</param>
/// <param name="Axis">Step at each point.</param>
/// <param name="Items">The curves that take part, by index.</param>
/// <param name="Excluded">The others.</param>
internal sealed record GivenCurves(
    double[]?[] Prepared, double[] Axis, int[] Items, IReadOnlyList<ExcludedCurve> Excluded)
{
    /// <summary>Channels of each curve.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Curves with points that were filled.</summary>
    public IReadOnlyList<FilledCurve> Filled { get; init; } = [];

    /// <summary>Labels in the order of the curves given; -1 for one that is left out.</summary>
    public int[] Spread(IReadOnlyList<int> labels) => Spread(labels, -1);

    /// <summary>A whole clustering in the order of the curves given.</summary>
    public ClusteringResult Spread(
        Partition partition,
        double[] silhouettes,
        double[][] distances,
        IReadOnlyList<string> notes,
        IReadOnlyList<ClusterCount>? counts = null,
        Dendrogram? tree = null) => new()
    {
        Labels = Spread(partition.Labels),
        K = partition.Centres.Length,
        Counts = counts ?? [],
        ItemSilhouettes = Spread(silhouettes, double.NaN),
        Distances = Spread(distances, [.. Enumerable.Repeat(double.NaN, partition.Centres.Length)]),
        Centres = partition.Centres,
        Prepared = [.. Prepared.Select(curve => curve ?? [])],
        Axis = Axis,
        Excluded = Excluded,
        Notes = notes,
        Channels = Channels,
        Filled = Filled,
        Rounds = Math.Max(0, partition.Costs.Count - 1),
        CostHistory = partition.Costs,
        Merges = tree is null ? [] : [.. tree.Merges().Select(AsGiven)],
    };

    // Groups are numbered behind all curves, whether they take part or not.
    private GroupMerge AsGiven(GroupMerge merge)
    {
        int NumberOf(int group) => group < Items.Length ? Items[group] : group - Items.Length + Prepared.Length;
        return merge with { First = NumberOf(merge.First), Second = NumberOf(merge.Second) };
    }

    private T[] Spread<T>(IReadOnlyList<T> values, T otherwise)
    {
        var spread = Enumerable.Repeat(otherwise, Prepared.Length).ToArray();
        for (var i = 0; i < Items.Length; i++) spread[Items[i]] = values[i];
        return spread;
    }
}
