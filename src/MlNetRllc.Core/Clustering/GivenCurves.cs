namespace MlNetRllc.Core.Clustering;

/// <summary>The curves as they were given, of which some are left out: puts results of those that
/// took part in their places.</summary>
/// <param name="Prepared">[curve][point]; null for one that is left out.</param>
/// <param name="Axis">Step at each point.</param>
/// <param name="Items">The curves that take part, by index.</param>
/// <param name="Excluded">The others.</param>
internal sealed record GivenCurves(
    double[]?[] Prepared, double[] Axis, int[] Items, IReadOnlyList<ExcludedCurve> Excluded)
{
    /// <summary>Labels in the order of the curves given; -1 for one that is left out.</summary>
    public int[] Spread(IReadOnlyList<int> labels) => Spread(labels, -1);

    /// <summary>A whole clustering in the order of the curves given.</summary>
    public ClusteringResult Spread(
        Partition partition,
        double[] silhouettes,
        double[][] distances,
        IReadOnlyList<string> notes,
        IReadOnlyList<ClusterCount>? counts = null) => new()
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
    };

    private T[] Spread<T>(IReadOnlyList<T> values, T otherwise)
    {
        var spread = Enumerable.Repeat(otherwise, Prepared.Length).ToArray();
        for (var i = 0; i < Items.Length; i++) spread[Items[i]] = values[i];
        return spread;
    }
}
