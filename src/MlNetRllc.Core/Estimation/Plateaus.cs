using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Estimation;

/// <summary>What counts as a plateau.</summary>
public sealed record PlateauOptions
{
    /// <summary>Width of the smoothing kernel, in units of the natural logarithm of the step.</summary>
    [Description("smoothing width, in natural-log steps"), Range(1e-3, 10.0)]
    public double Bandwidth { get; init; } = 0.3;

    /// <summary>Steepest slope on a plateau, as a share of the steepest slope of the whole curve.</summary>
    [Description("steepest slope on a plateau, as a share of the steepest of all"), Range(0.0, 1.0)]
    public double MaxSlopeShare { get; init; } = 0.2;

    /// <summary>Least change of level between two plateaus, as a share of the curve's range; nearer
    /// ones are one plateau.</summary>
    [Description("least change between plateaus, as a share of the range"), Range(0.0, 1.0)]
    public double MinChangeShare { get; init; } = 0.05;
}

/// <summary>A stretch of training over which the coefficient hardly changes per log step.</summary>
/// <param name="FromStep">Training step at which it starts.</param>
/// <param name="FlattestStep">Training step at which the slope is nearest to zero.</param>
/// <param name="ToStep">Training step at which it ends.</param>
/// <param name="Level">The smoothed value at <paramref name="FlattestStep"/>, in the unit of the curve.</param>
/// <param name="IsBoundary">Whether it parts two stages: false for a stretch at either end of
/// training.</param>
public sealed record Plateau(
    double FromStep,
    double FlattestStep,
    double ToStep,
    double Level,
    bool IsBoundary);

/// <summary>Stages of training from the plateaus of the whole model's coefficient in log step.</summary>
/// <remarks>
/// <para>After Hoogland et al. (arXiv 2402.02364): stages are parted where d lambda / d log step
/// vanishes. The curve and its slope come from local linear regression with a Gaussian kernel over
/// log(step + s), s the smallest positive step (at least as wide as to the third nearest
/// checkpoint). A plateau is a stretch whose slope stays within a share of the steepest one; peaks
/// and valleys count as short ones. Neighbours whose level hardly differs, with no more change
/// between them, are joined.</para>
/// <para>The figures of that paper fit Gaussian processes; the shares here are this project's
/// choice.</para>
/// </remarks>
public static class Plateaus
{
    private const int GridPoints = 400;

    /// <summary>Finds plateaus, in order of step.</summary>
    /// <param name="steps">Training step of each checkpoint, from 0 on, rising.</param>
    /// <param name="values">The coefficient at each; values that are not finite are left out.</param>
    /// <param name="options">What counts as a plateau.</param>
    /// <returns>None when fewer than 4 values are finite, or the curve never changes.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or the steps do not rise.</exception>
    public static IReadOnlyList<Plateau> Find(
        IReadOnlyList<double> steps, IReadOnlyList<double> values, PlateauOptions options)
    {
        Check(steps, values, options);
        var known = Enumerable.Range(0, steps.Count).Where(i => double.IsFinite(values[i])).ToArray();
        if (known.Length < 4) return [];
        var shift = steps.First(step => step > 0);
        var x = known.Select(i => ScalarFunctions.Log(steps[i] + shift)).ToArray();
        var y = known.Select(i => values[i]).ToArray();
        if (y.Max() - y.Min() <= 1e-12 * y.Max(Math.Abs)) return [];

        var grid = Enumerable.Range(0, GridPoints)
            .Select(i => x[0] + (x[^1] - x[0]) * i / (GridPoints - 1))
            .ToArray();
        var fits = grid.Select(at => LocalLine(x, y, at, options.Bandwidth)).ToArray();
        var steepest = fits.Max(fit => Math.Abs(fit.Slope));
        var flat = fits.Select(fit => Math.Abs(fit.Slope) <= options.MaxSlopeShare * steepest).ToArray();
        var range = fits.Max(fit => fit.Value) - fits.Min(fit => fit.Value);

        List<(int From, int To)> stretches = [];
        for (int from = 0, to; from < GridPoints; from = to + 1)
        {
            for (to = from; to + 1 < GridPoints && flat[to + 1] == flat[from];) to++;
            if (!flat[from]) continue;
            if (stretches.Count > 0 && Spread(fits, stretches[^1].From, to) < options.MinChangeShare * range)
                stretches[^1] = (stretches[^1].From, to);
            else stretches.Add((from, to));
        }
        double StepAt(int i) => Math.Max(0, ScalarFunctions.Exp(grid[i]) - shift);
        return [.. stretches.Select(stretch =>
        {
            var flattest = Enumerable.Range(stretch.From, stretch.To - stretch.From + 1).MinBy(i => Math.Abs(fits[i].Slope));
            return new Plateau(StepAt(stretch.From), StepAt(flattest), StepAt(stretch.To), fits[flattest].Value,
                stretch.From > 0 && stretch.To < GridPoints - 1);
        })];
    }

    private static double Spread((double Value, double Slope)[] fits, int from, int to) =>
        fits[from..(to + 1)].Max(fit => fit.Value) - fits[from..(to + 1)].Min(fit => fit.Value);

    private static (double Value, double Slope) LocalLine(double[] x, double[] y, double at, double bandwidth)
    {
        var width = Math.Max(bandwidth, x.Select(knot => Math.Abs(knot - at)).Order().ElementAt(2));
        double weight = 0, meanX = 0, meanY = 0;
        var weights = x.Select(knot => ScalarFunctions.Exp(-0.5 * (knot - at) * (knot - at) / (width * width))).ToArray();
        for (var i = 0; i < x.Length; i++)
        {
            weight += weights[i];
            meanX += weights[i] * x[i];
            meanY += weights[i] * y[i];
        }
        (meanX, meanY) = (meanX / weight, meanY / weight);
        double xx = 0, xy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            xx += weights[i] * (x[i] - meanX) * (x[i] - meanX);
            xy += weights[i] * (x[i] - meanX) * (y[i] - meanY);
        }
        var slope = xy / xx;
        return (meanY + slope * (at - meanX), slope);
    }

    private static void Check(IReadOnlyList<double> steps, IReadOnlyList<double> values, PlateauOptions options)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(values);
        options.Validated();
        if (steps.Count != values.Count)
            throw new ArgumentException(
                $"There are {steps.Count} steps for {values.Count} values.", nameof(values));
        for (var i = 0; i < steps.Count; i++)
            if (!(steps[i] >= 0) || i > 0 && !(steps[i] > steps[i - 1]))
                throw new ArgumentException(
                    $"Step {i} is {steps[i]}; steps start at 0 or above and rise.", nameof(steps));
    }
}
