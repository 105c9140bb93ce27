namespace MlNetRllc.Core.Estimation;

/// <summary>How far two quantities go together over items, such as heads.</summary>
/// <param name="Pearson">Of the values, -1 to 1; NaN with fewer than 3 pairs, or when one of the
/// two never differs.</param>
/// <param name="Spearman">Of the ranks, -1 to 1, equal values sharing their mean rank; NaN likewise.</param>
/// <param name="Count">Pairs in which both are finite: the others are left out.</param>
public readonly record struct Correlation(double Pearson, double Spearman, int Count)
{
    /// <summary>Fewest pairs: through two points there is always a line.</summary>
    private const int Fewest = 3;

    /// <summary>Correlates two quantities.</summary>
    /// <exception cref="ArgumentException">There is not one value of each for every item.</exception>
    public static Correlation Between(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count)
            throw new ArgumentException($"There are {first.Count} values for {second.Count}.", nameof(second));
        var pairs = first
            .Zip(second)
            .Where(p => double.IsFinite(p.First) && double.IsFinite(p.Second))
            .ToList();
        if (pairs.Count < Fewest) return new(double.NaN, double.NaN, pairs.Count);
        double[] x = [.. pairs.Select(p => p.First)], y = [.. pairs.Select(p => p.Second)];
        return new(Linear(x, y), Linear(Ranks(x), Ranks(y)), pairs.Count);
    }

    private static double Linear(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        double xx = 0, yy = 0, xy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
        return xx > 0 && yy > 0 ? Math.Clamp(xy / Math.Sqrt(xx) / Math.Sqrt(yy), -1, 1) : double.NaN;
    }

    private static double[] Ranks(double[] values)
    {
        int Below(double value) => values.Count(other => other < value);
        int Ties(double value) => values.Count(other => other == value);
        return [.. values.Select(v => Below(v) + (Ties(v) + 1) / 2.0)];
    }
}
