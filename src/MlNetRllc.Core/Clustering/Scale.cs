namespace MlNetRllc.Core.Clustering;

/// <summary>How values are normalised: (x - origin) / size.</summary>
/// <param name="Origin">What becomes zero.</param>
/// <param name="Size">What becomes one; 0 where the values are constant and all become zero.</param>
internal readonly record struct Scale(double Origin, double Size)
{
    /// <summary>That of values which are normalised together.</summary>
    public static Scale Measured(ReadOnlySpan<double> values, TrajectoryNormalization normalization)
    {
        if (normalization == TrajectoryNormalization.None || values.IsEmpty) return new(0, 1);
        var copy = values.ToArray();
        double least = copy.Min(), most = copy.Max();
        // Told by the ends: the mean of many equal values is not quite that value.
        if (most - least <= 1e-12 * copy.Max(Math.Abs)) return new(least, 0);
        if (normalization == TrajectoryNormalization.MinMax) return new(least, most - least);
        var mean = copy.Average();
        return new(mean, Math.Sqrt(copy.Average(x => (x - mean) * (x - mean))));
    }

    /// <summary>A new row of values, normalised.</summary>
    public double[] Apply(ReadOnlySpan<double> values)
    {
        var scaled = values.ToArray();
        for (var i = 0; i < scaled.Length; i++) scaled[i] = Size == 0 ? 0 : (scaled[i] - Origin) / Size;
        return scaled;
    }
}
