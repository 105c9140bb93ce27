namespace MlNetRllc.Core.Clustering;

/// <summary>What a method of the k-means kind needs: a distance, and the centre of a group.</summary>
internal abstract class CurveGeometry
{
    public abstract double Distance(double[] x, double[] y);

    /// <summary>The centre of members (at least one), found from the one before.</summary>
    public abstract double[] Centre(IReadOnlyList<double[]> members, double[] previous);

    public double[,] Pairwise(IReadOnlyList<double[]> curves)
    {
        var distances = new double[curves.Count, curves.Count];
        for (var i = 0; i < curves.Count; i++)
            for (var j = 0; j < i; j++)
                distances[i, j] = distances[j, i] = Distance(curves[i], curves[j]);
        return distances;
    }

    public static CurveGeometry For(ClusteringOptions options) => options.Method switch
    {
        ClusteringMethod.EuclideanKMeans => new EuclideanGeometry(),
        ClusteringMethod.DtwKMeans => new DtwGeometry(options.WarpingWindow),
        ClusteringMethod.KShape => new ShapeGeometry(),
        ClusteringMethod.Hierarchical when options.Distance == CurveDistance.DynamicTimeWarping => new DtwGeometry(options.WarpingWindow),
        ClusteringMethod.Hierarchical => new EuclideanGeometry(),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Method, "Unknown clustering method."),
    };
}

/// <summary>Point by point; the centre is the mean.</summary>
internal sealed class EuclideanGeometry : CurveGeometry
{
    public override double Distance(double[] x, double[] y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++) sum += (x[i] - y[i]) * (x[i] - y[i]);
        return Math.Sqrt(sum);
    }

    public override double[] Centre(IReadOnlyList<double[]> members, double[] previous)
    {
        var mean = new double[previous.Length];
        foreach (var member in members)
            for (var i = 0; i < mean.Length; i++) mean[i] += member[i] / members.Count;
        return mean;
    }
}

/// <summary>Dynamic time warping; the centre is a DBA barycentre.</summary>
internal sealed class DtwGeometry(double window) : CurveGeometry
{
    public override double Distance(double[] x, double[] y) => DynamicTimeWarping.Distance(x, y, window);

    public override double[] Centre(IReadOnlyList<double[]> members, double[] previous) =>
        DynamicTimeWarping.Barycentre(members, previous, window);
}

/// <summary>Shape-based distance and shape extraction; curves and centres are standardised.</summary>
internal sealed class ShapeGeometry : CurveGeometry
{
    public override double Distance(double[] x, double[] y) => ShapeExtraction.Distance(x, y);

    public override double[] Centre(IReadOnlyList<double[]> members, double[] previous) =>
        ShapeExtraction.Centre(members, previous);
}
