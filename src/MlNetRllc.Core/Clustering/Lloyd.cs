namespace MlNetRllc.Core.Clustering;

/// <summary>Lloyd's rounds with k-means++ starts, for any distance that has centres.</summary>
/// <remarks>
/// Ties: an item goes to the centre of lowest number, a start that is no better than an earlier one
/// is not taken. A centre left without items gets the item farthest from its own centre, of those
/// not alone. The starts of (seed, k, restart) depend on nothing else. Where a round raises the
/// cost, as shape extraction and barycentres may, the start gives the round of least cost.
/// </remarks>
internal static class Lloyd
{
    public static Partition Run(
        IReadOnlyList<double[]> curves, int k, CurveGeometry geometry, ClusteringOptions options)
    {
        Partition? best = null;
        for (var restart = 0; restart < options.Restarts; restart++)
        {
            var random = new SplitMix(options.Seed, k, restart);
            var found = From(curves, Start(curves, k, geometry, random), geometry, options);
            if (best is null || found.Cost < best.Cost * (1 - 1e-12)) best = found;
        }
        return best!;
    }

    /// <summary>The rounds from given centres.</summary>
    /// <param name="curves">[item][point].</param>
    /// <param name="centres">[cluster][point]; taken over and changed.</param>
    /// <param name="geometry">The method's distance and centre.</param>
    /// <param name="options">How many rounds, and when they end.</param>
    public static Partition From(
        IReadOnlyList<double[]> curves, double[][] centres, CurveGeometry geometry, ClusteringOptions options)
    {
        Partition? last = null, best = null;
        List<double> costs = [];
        for (var round = 0; ; round++)
        {
            var next = Assign(curves, centres, geometry);
            costs.Add(next.Cost);
            // Of rounds equal but for rounding the last, where a start that only falls comes to rest.
            if (best is null || next.Cost <= best.Cost * (1 + 1e-12)) best = next;
            if (last is not null && options.CostTolerance is { } tolerance && (last.Cost - next.Cost) / curves.Count is var fall
                && (fall <= 0 || fall < tolerance))
                return (fall < 0 ? last : next) with { Costs = costs };
            var rests = last is not null && options.CostTolerance is null && next.Labels.AsSpan().SequenceEqual(last.Labels);
            if (rests || round == options.MaxIterations) return best with { Costs = costs, IsCutShort = !rests };
            last = next;
            centres = Centres(curves, next, geometry);
        }
    }

    private static double[][] Centres(IReadOnlyList<double[]> curves, Partition partition, CurveGeometry geometry)
    {
        var members = partition.Centres.Select(_ => new List<double[]>()).ToArray();
        for (var i = 0; i < curves.Count; i++) members[partition.Labels[i]].Add(curves[i]);
        var centres = new double[members.Length][];
        Work.Each(centres.Length, curves.Count * geometry.OperationsOf(curves[0].Length), j =>
            centres[j] = geometry.Centre(members[j], partition.Centres[j]));
        return centres;
    }

    /// <summary>Each item with the nearest centre, and no centre without items.</summary>
    private static Partition Assign(IReadOnlyList<double[]> curves, double[][] centres, CurveGeometry geometry)
    {
        var labels = new int[curves.Count];
        var nearest = new double[curves.Count];
        var distances = geometry.Between(curves, centres);
        for (var i = 0; i < labels.Length; i++)
        {
            nearest[i] = double.PositiveInfinity;
            for (var j = 0; j < centres.Length; j++)
                if (distances[i][j] < nearest[i]) (labels[i], nearest[i]) = (j, distances[i][j]);
        }
        centres = [.. centres];
        List<int> moved = [];
        for (var j = 0; j < centres.Length; j++)
        {
            if (labels.Contains(j)) continue;
            var farthest = Enumerable.Range(0, labels.Length)
                .Where(i => labels.Count(label => label == labels[i]) > 1).MaxBy(i => nearest[i]);
            (labels[farthest], nearest[farthest], centres[j]) = (j, 0, curves[farthest]);
            moved.Add(farthest);
        }
        // 0 but for rounding, which a method's distance may have.
        foreach (var i in moved) nearest[i] = geometry.Distance(curves[i], centres[labels[i]]);
        return new(labels, centres, nearest.Sum(Square));
    }

    /// <summary>k-means++ (Arthur and Vassilvitskii 2007): each next centre is an item drawn by its
    /// squared distance to the nearest so far.</summary>
    private static double[][] Start(
        IReadOnlyList<double[]> curves, int k, CurveGeometry geometry, SplitMix random)
    {
        var centres = new List<double[]> { curves[random.Below(curves.Count)] };
        var nearest = new double[curves.Count];
        var operations = geometry.OperationsOf(curves[0].Length);
        Work.Each(nearest.Length, operations, i => nearest[i] = Square(geometry.Distance(curves[i], centres[0])));
        while (centres.Count < k)
        {
            var left = random.Unit() * nearest.Sum();
            var chosen = Array.FindIndex(nearest, weight => (left -= weight) < 0);
            if (chosen < 0) chosen = Array.IndexOf(nearest, nearest.Max());
            centres.Add(curves[chosen]);
            Work.Each(nearest.Length, operations, i =>
                nearest[i] = Math.Min(nearest[i], Square(geometry.Distance(curves[i], centres[^1]))));
        }
        return [.. centres];
    }

    private static double Square(double x) => x * x;
}

/// <summary>Items in groups with their centres.</summary>
internal sealed record Partition(int[] Labels, double[][] Centres, double Cost)
{
    /// <summary>The cost after each assignment, [round]; empty where there were no rounds.</summary>
    public IReadOnlyList<double> Costs { get; init; } = [];

    /// <summary>Whether the rounds ended at the most that there may be, before they came to rest.</summary>
    public bool IsCutShort { get; init; }

    /// <summary>The same groups, numbered by their first item.</summary>
    public Partition ByFirstAppearance()
    {
        var order = Labels.Distinct().ToArray();
        return new Partition(
            [.. Labels.Select(label => Array.IndexOf(order, label))],
            [.. order.Select(old => Centres[old])],
            Cost) { Costs = Costs, IsCutShort = IsCutShort };
    }
}
