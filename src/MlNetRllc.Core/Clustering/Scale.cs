namespace MlNetRllc.Core.Clustering;

/// <summary>How values are normalised: (factor x - origin) / size.</summary>
/// <param name="Origin">What becomes zero.</param>
/// <param name="Size">What becomes one; 0 where the values are constant and all become zero.</param>
/// <param name="Factor">A power of two; other than 1 where squares or differences would leave the range of numbers.</param>
internal readonly record struct Scale(double Origin, double Size, double Factor = 1)
{
    /// <summary>That of values which are normalised together.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The normalisation is none that there is.</exception>
    public static Scale Measured(ReadOnlySpan<double> values, TrajectoryNormalization normalization)
    {
        if (!Enum.IsDefined(normalization))
            throw new ArgumentOutOfRangeException(nameof(normalization), $"The normalization {normalization} is unknown.");
        if (normalization == TrajectoryNormalization.None || values.IsEmpty) return new(0, 1);
        var copy = values.ToArray();
        var plain = InRange(copy, normalization);
        if (double.IsNormal(plain.Size * plain.Size) || copy.Max() == copy.Min()) return plain;
        var factor = ToUnit(copy.Max(Math.Abs));
        return InRange([.. copy.Select(x => x * factor)], normalization) with { Factor = factor };
    }

    /// <summary>The power of two by which a size comes to between 1 and 2, or as near as one brings it.</summary>
    public static double ToUnit(double size) => size == 0 ? 1 : Math.ScaleB(1, Math.Clamp(-Math.ILogB(size), -1022, 1022));

    private static Scale InRange(double[] copy, TrajectoryNormalization normalization)
    {
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
        for (var i = 0; i < scaled.Length; i++) scaled[i] = Size == 0 ? 0 : (Factor * scaled[i] - Origin) / Size;
        return scaled;
    }
}
