using MathNetCorrelation = MathNet.Numerics.Statistics.Correlation;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>A correlation with its 95 % interval.</summary>
/// <param name="Value">In -1..1; NaN when one variable does not vary.</param>
/// <param name="Low">Lower end of the interval; NaN below 4 points.</param>
/// <param name="High">Upper end.</param>
internal readonly record struct CorrelationInterval(double Value, double Low, double High)
{
    public bool IsClear => Low > 0 || High < 0;

    public override string ToString()
    {
        var value = CaptionWords.Number(Value, 2);
        if (!double.IsFinite(Low)) return value;
        return $"{value} [{CaptionWords.Number(Low, 2)}, {CaptionWords.Number(High, 2)}]";
    }
}

/// <summary>How two variables of the same heads go together.</summary>
/// <param name="Count">Heads of which both are known.</param>
/// <param name="Pearson">Linear correlation; interval by Fisher's z with standard error 1 / sqrt(n - 3).</param>
/// <param name="Spearman">Correlation of ranks; interval by Fisher's z with standard error sqrt(1.06 / (n - 3))
/// (Fieller et al. 1957).</param>
/// <param name="Intercept">Of the line of least squares.</param>
/// <param name="Slope">Of the line of least squares, with its standard error.</param>
internal sealed record Correlations(
    int Count, CorrelationInterval Pearson, CorrelationInterval Spearman, double Intercept, ValueWithError Slope)
{
    private const double Normal95 = 1.959964;

    /// <summary>Of the points at which both values are finite; null when fewer than 3 are, or one variable does not vary.</summary>
    public static Correlations? Between(IEnumerable<(double X, double Y)> points)
    {
        var known = points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)).ToList();
        if (known.Count < 3) return null;
        double[] x = [.. known.Select(p => p.X)], y = [.. known.Select(p => p.Y)];
        if (x.Max() == x.Min() || y.Max() == y.Min()) return null;
        double meanX = x.Average(), meanY = y.Average(), squares = x.Sum(v => (v - meanX) * (v - meanX));
        var slope = x.Zip(y).Sum(p => (p.First - meanX) * (p.Second - meanY)) / squares;
        var residuals = x.Zip(y).Sum(p => Math.Pow(p.Second - meanY - slope * (p.First - meanX), 2));
        return new(
            x.Length,
            Interval(MathNetCorrelation.Pearson(x, y), 1, x.Length),
            Interval(MathNetCorrelation.Spearman(x, y), 1.06, x.Length),
            meanY - slope * meanX,
            new(slope, Math.Sqrt(residuals / (x.Length - 2) / squares)));
    }

    private static CorrelationInterval Interval(double r, double variance, int n)
    {
        if (n < 4) return new(r, double.NaN, double.NaN);
        var (z, error) = (Math.Atanh(Math.Clamp(r, -0.9999999, 0.9999999)), Math.Sqrt(variance / (n - 3)));
        return new(r, Math.Tanh(z - Normal95 * error), Math.Tanh(z + Normal95 * error));
    }
}
