using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Core.Estimation;

/// <summary>How well the end of a stage is known.</summary>
/// <param name="Low">Training step below which a sixth of the resampled ends lie (the 16th percentile); NaN where it is not known.</param>
/// <param name="High">Training step above which a sixth of them lie (the 84th percentile); NaN where it is not known.</param>
/// <param name="Found">Share of resampled curves that have an end there, 0 to 1; NaN where it is not known.</param>
public sealed record StageEndError(double Low, double High, double Found)
{
    /// <summary>Of an end of which nothing can be said.</summary>
    public static StageEndError Unknown { get; } = new(double.NaN, double.NaN, double.NaN);
}

/// <summary>Errors of the ends of stages, by bootstrap: curves that chains drawn anew could give, and where their stages end.</summary>
/// <remarks>
/// <para>Each resample moves every checkpoint's estimate by its standard error times a normal number and asks
/// <see cref="Plateaus.Find"/> again. Chains of different checkpoints are independent, so the numbers are. The chains themselves are
/// not drawn with replacement: four are few to draw from, and they share minibatches, which their standard error counts and
/// their spread does not (<see cref="ChainStandardError"/>).</para>
/// <para>A resampled end belongs to the end of the curve itself that is nearest in log step; one that is nearer to the first or the
/// last checkpoint than to any end is of none. Where a curve rests long, the flattest point wanders along the rest: ends of broad
/// plateaus are known badly, however small the errors. The error is that of sampling alone:
/// another training run, or other plateau options, may move ends further.</para>
/// </remarks>
public static class StageEndErrors
{
    private const double LowerTail = 0.1587;

    /// <summary>The error of each boundary that <see cref="Plateaus.Find"/> gives, in their order.</summary>
    /// <param name="steps">Training step of each checkpoint, from 0 on, rising.</param>
    /// <param name="values">The coefficient at each; values that are not finite are left out.</param>
    /// <param name="standardErrors">The standard error of each, in the unit of the values.</param>
    /// <param name="options">What counts as a plateau.</param>
    /// <param name="resamples">Resampled curves.</param>
    /// <param name="seed">Chooses them.</param>
    /// <returns><see cref="StageEndError.Unknown"/> for all where a value that is finite has no finite standard error.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or the steps do not rise.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 20 resamples, or an option lies outside its range.</exception>
    public static IReadOnlyList<StageEndError> Estimate(
        IReadOnlyList<double> steps, IReadOnlyList<double> values, IReadOnlyList<double> standardErrors, PlateauOptions options,
        int resamples = 200, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(standardErrors);
        Limits.AtLeast(resamples, 20);
        var ends = Ends(steps, values, options);
        if (standardErrors.Count != values.Count)
            throw new ArgumentException(
                $"There are {standardErrors.Count} standard errors for {values.Count} values.", nameof(standardErrors));
        var isKnown = Enumerable.Range(0, values.Count)
            .All(i => !double.IsFinite(values[i]) || double.IsFinite(standardErrors[i]));
        if (!isKnown || ends.Length == 0) return [.. ends.Select(_ => StageEndError.Unknown)];

        var shift = steps.First(step => step > 0);
        double LogOf(double step) => ScalarFunctions.Log(step + shift);
        double[] anchors = [LogOf(steps[0]), .. ends.Select(LogOf), LogOf(steps[^1])];
        int Nearest(double at) => Enumerable.Range(0, anchors.Length).MinBy(a => Math.Abs(LogOf(at) - anchors[a]));
        var found = ends.Select(_ => new List<double>()).ToArray();
        var random = NamedRandom.Stream(seed, "stage ends");
        var normals = new double[values.Count];
        for (var r = 0; r < resamples; r++)
        {
            random.Normals(normals, (ulong)r);
            var resampled = Ends(steps, [.. values.Select((value, i) => value + standardErrors[i] * normals[i])], options);
            // At most one for each end: of two that are nearest to it, the nearer.
            foreach (var own in resampled.GroupBy(Nearest).Where(own => own.Key > 0 && own.Key <= ends.Length))
                found[own.Key - 1].Add(own.MinBy(at => Math.Abs(LogOf(at) - anchors[own.Key])));
        }
        return [.. found.Select(at => new StageEndError(
            Percentile(at, LowerTail), Percentile(at, 1 - LowerTail), (double)at.Count / resamples))];
    }

    private static double[] Ends(IReadOnlyList<double> steps, IReadOnlyList<double> values, PlateauOptions options) =>
        [.. Plateaus.Find(steps, values, options).Where(plateau => plateau.IsBoundary).Select(plateau => plateau.FlattestStep)];

    private static double Percentile(List<double> values, double share) => values.Count == 0 ? double.NaN
        : values.Order().ElementAt((int)Math.Round(share * (values.Count - 1)));
}
