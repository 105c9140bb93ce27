namespace MlNetRllc.Core.Heads;

/// <summary>Means with errors, and quantiles.</summary>
internal static class Statistics
{
    /// <summary>The mean and its standard error, sd / sqrt(n).</summary>
    public static Measured Mean(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        if (values.Count < 2) return new(mean, double.NaN);
        var squares = values.Sum(v => (v - mean) * (v - mean));
        return new(mean, Math.Sqrt(squares / (values.Count - 1.0) / values.Count));
    }

    /// <summary>Sum over count of groups, and its standard error over them: that of a ratio whose parts share groups, to first
    /// order, sqrt(n / (n - 1) sum (s - R c)^2) / sum c. Missing of nothing.</summary>
    public static Measured RatioOfSums(IReadOnlyList<(double Sum, int Count)> groups)
    {
        if (groups.Count == 0) return Measured.Missing;
        var (n, counts) = (groups.Count, groups.Sum(g => (double)g.Count));
        var ratio = groups.Sum(g => g.Sum) / counts;
        if (n < 2) return new(ratio, double.NaN);
        var squares = groups.Sum(g => (g.Sum - ratio * g.Count) * (g.Sum - ratio * g.Count));
        return new(ratio, Math.Sqrt(n / (n - 1.0) * squares) / counts);
    }

    /// <summary>The value below which a share of the others lies, linear between neighbours; NaN of
    /// nothing.</summary>
    public static double Quantile(IReadOnlyCollection<double> values, double share)
    {
        if (values.Count == 0) return double.NaN;
        var sorted = values.Order().ToArray();
        var (below, rest) = ((int)(share * (sorted.Length - 1)), share * (sorted.Length - 1));
        return sorted[below] + (rest - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
    }
}
