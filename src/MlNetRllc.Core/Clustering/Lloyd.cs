namespace MlNetRllc.Core.Clustering;

/// <summary>Lloyd's rounds with k-means++ starts, for any distance that has centres.</summary>
/// <remarks>
/// Ties: an item goes to the centre of lowest number, a start that is no better than an earlier one
/// is not taken. A centre left without items gets the item farthest from its own centre, of those
/// not alone. The starts of (seed, k, restart) depend on nothing else.
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
            var found = Once(curves, Start(curves, k, geometry, random), geometry, options.MaxIterations);
            if (best is null || found.Cost < best.Cost * (1 - 1e-12)) best = found;
        }
        return best!;
    }

    private static Partition Once(
        IReadOnlyList<double[]> curves, double[][] centres, CurveGeometry geometry, int rounds)
    {
        int[]? labels = null;
        for (var round = 0; ; round++)
        {
            var next = Assign(curves, centres, geometry);
            if (round == rounds || labels is not null && next.AsSpan().SequenceEqual(labels))
                return new Partition(
                    next,
                    centres,
                    curves.Select((curve, i) => Square(geometry.Distance(curve, centres[next[i]]))).Sum());
            labels = next;
            for (var j = 0; j < centres.Length; j++)
                centres[j] = geometry.Centre([.. curves.Where((_, i) => labels[i] == j)], centres[j]);
        }
    }

    private static int[] Assign(IReadOnlyList<double[]> curves, double[][] centres, CurveGeometry geometry)
    {
        var labels = new int[curves.Count];
        var distances = new double[curves.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            distances[i] = double.PositiveInfinity;
            for (var j = 0; j < centres.Length; j++)
                if (geometry.Distance(curves[i], centres[j]) is var distance && distance < distances[i])
                    (labels[i], distances[i]) = (j, distance);
        }
        for (var j = 0; j < centres.Length; j++)
        {
            if (labels.Contains(j)) continue;
            var farthest = Enumerable.Range(0, labels.Length)
                .Where(i => labels.Count(label => label == labels[i]) > 1).MaxBy(i => distances[i]);
            (labels[farthest], distances[farthest], centres[j]) = (j, 0, curves[farthest]);
        }
        return labels;
    }

    /// <summary>k-means++ (Arthur and Vassilvitskii 2007): each next centre is an item drawn by its
    /// squared distance to the nearest so far.</summary>
    private static double[][] Start(
        IReadOnlyList<double[]> curves, int k, CurveGeometry geometry, SplitMix random)
    {
        var centres = new List<double[]> { curves[random.Below(curves.Count)] };
        var nearest = curves.Select(curve => Square(geometry.Distance(curve, centres[0]))).ToArray();
        while (centres.Count < k)
        {
            var left = random.Unit() * nearest.Sum();
            var chosen = Array.FindIndex(nearest, weight => (left -= weight) < 0);
            if (chosen < 0) chosen = Array.IndexOf(nearest, nearest.Max());
            centres.Add(curves[chosen]);
            for (var i = 0; i < nearest.Length; i++)
                nearest[i] = Math.Min(nearest[i], Square(geometry.Distance(curves[i], centres[^1])));
        }
        return [.. centres];
    }

    private static double Square(double x) => x * x;
}

/// <summary>Items in groups with their centres.</summary>
internal sealed record Partition(int[] Labels, double[][] Centres, double Cost)
{
    /// <summary>The same groups, numbered by their first item.</summary>
    public Partition ByFirstAppearance()
    {
        var order = Labels.Distinct().ToArray();
        return new Partition(
            [.. Labels.Select(label => Array.IndexOf(order, label))],
            [.. order.Select(old => Centres[old])],
            Cost);
    }
}
