namespace MlNetRllc.Core.Clustering;

/// <summary>What a method of the k-means kind needs: a distance, and the centre of a group. Curves
/// are rows of numbers, channel after channel.</summary>
internal abstract class CurveGeometry
{
    public abstract double Distance(double[] x, double[] y);

    /// <summary>The centre of members (at least one), found from the one before.</summary>
    public abstract double[] Centre(IReadOnlyList<double[]> members, double[] previous);

    /// <summary>About how many floating-point operations a distance takes, of rows of a length.</summary>
    public abstract double OperationsOf(int length);

    public double[,] Pairwise(IReadOnlyList<double[]> curves)
    {
        var distances = new double[curves.Count, curves.Count];
        var operations = curves.Count == 0 ? 0 : curves.Count / 2.0 * OperationsOf(curves[0].Length);
        Work.Each(curves.Count, operations, i =>
        {
            for (var j = 0; j < i; j++) distances[i, j] = distances[j, i] = Distance(curves[i], curves[j]);
        });
        return distances;
    }

    /// <summary>Distances of curves to centres, [curve][centre].</summary>
    public double[][] Between(IReadOnlyList<double[]> curves, IReadOnlyList<double[]> centres)
    {
        var distances = new double[curves.Count][];
        Work.Each(curves.Count, centres.Count * OperationsOf(centres[0].Length), i =>
            distances[i] = [.. centres.Select(centre => Distance(curves[i], centre))]);
        return distances;
    }

    public static CurveGeometry For(ClusteringOptions options, int channels = 1) => options.Method switch
    {
        ClusteringMethod.EuclideanKMeans => new EuclideanGeometry(),
        ClusteringMethod.DtwKMeans => new DtwGeometry(options.Band, channels, options.BarycentreRounds),
        ClusteringMethod.KShape => new ShapeGeometry(channels),
        ClusteringMethod.Hierarchical when options.Distance == CurveDistance.DynamicTimeWarping =>
            new DtwGeometry(options.Band, channels, options.BarycentreRounds),
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

    public override double OperationsOf(int length) => 3.0 * length;
}

/// <summary>Dynamic time warping; the centre is a DBA barycentre.</summary>
internal sealed class DtwGeometry(WarpingBand band, int channels, int rounds) : CurveGeometry
{
    public override double Distance(double[] x, double[] y) => WarpingPaths.Distance(x, y, channels, band);

    public override double[] Centre(IReadOnlyList<double[]> members, double[] previous) =>
        WarpingPaths.Barycentre(members, previous, channels, band, rounds);

    public override double OperationsOf(int length) => 4.0 * length * (length / channels);
}

/// <summary>Shape-based distance and shape extraction; curves and centres are standardised.</summary>
internal sealed class ShapeGeometry(int channels) : CurveGeometry
{
    public override double Distance(double[] x, double[] y) => ShapeExtraction.Distance(x, y, channels);

    public override double[] Centre(IReadOnlyList<double[]> members, double[] previous) =>
        ShapeExtraction.Centre(members, previous, channels);

    public override double OperationsOf(int length) => 2.0 * length * (length / channels);
}
