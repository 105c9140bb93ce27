using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Clustering;

/// <summary>Refuses what cannot be clustered, with the place.</summary>
internal static class ClusteringInputs
{
    /// <summary>Checks everything that is given.</summary>
    /// <returns>Channels of each curve; 1 where there is no curve.</returns>
    public static int Check(
        IReadOnlyList<double[][]> curves,
        ClusteringOptions options,
        IReadOnlyList<double>? steps,
        IReadOnlyList<double[][]>? initialCentres)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentNullException.ThrowIfNull(options);
        options.Validated();
        CheckDefined(options.Normalization, nameof(options.Normalization));
        CheckDefined(options.NormalizationScope, nameof(options.NormalizationScope));
        CheckDefined(options.Distance, nameof(options.Distance));
        for (var i = 0; i < curves.Count; i++) CheckShape(curves[i], curves[0], "Curve", i);
        CheckCentres(curves, options, initialCentres);
        CheckSteps(curves.Count > 0 ? curves[0][0].Length : null, options, steps);
        return curves.Count > 0 ? curves[0].Length : 1;
    }

    private static void CheckDefined<T>(T value, string name) where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw new ArgumentOutOfRangeException(name, $"{nameof(ClusteringOptions)}.{name} is {value}, which is none of "
                + $"{string.Join(", ", Enum.GetNames<T>())}.");
    }

    private static void CheckShape(double[][] curve, double[][] first, string what, int index)
    {
        if (curve is null || curve is [null]) throw new ArgumentNullException(null, $"{what} {index} is null; give its values.");
        for (var c = 0; c < curve.Length; c++)
            if (curve[c] is null)
                throw new ArgumentNullException(null, $"Channel {c} of {what.ToLowerInvariant()} {index} is null; give its values.");
        if (curve.Length == 0) throw new ArgumentException($"{what} {index} has no channel; give at least one.");
        if (curve.Length != first.Length)
            throw new ArgumentException($"{what} {index} has {curve.Length} channels and curve 0 has {first.Length}; "
                + "all need the same channels.");
        for (var c = 0; c < curve.Length; c++)
            if (curve[c].Length != first[0].Length)
                throw new ArgumentException(
                    $"{(curve.Length == 1 ? "" : $"Channel {c} of ")}{(curve.Length == 1 ? what : what.ToLowerInvariant())} {index} has "
                    + $"{curve[c].Length} points and {(curve.Length == 1 ? "" : "channel 0 of ")}curve 0 has {first[0].Length}; "
                    + "mark missing points with NaN so that all have one length.");
    }

    private static void CheckCentres(
        IReadOnlyList<double[][]> curves, ClusteringOptions options, IReadOnlyList<double[][]>? centres)
    {
        if (centres is null)
        {
            if (!options.Silhouettes && options.Clusters == 0)
                throw new ArgumentException("Without Silhouettes the number of clusters cannot be chosen; set Clusters.", nameof(options));
            return;
        }
        if (options.Method == ClusteringMethod.Hierarchical)
            throw new ArgumentException("Initial centres are for the methods of the k-means kind; Hierarchical joins items and "
                + "begins from none.", nameof(centres));
        if (centres.Count == 0)
            throw new ArgumentException("There is no initial centre; give one for each cluster, or none at all.", nameof(centres));
        if (options.Clusters != 0 && options.Clusters != centres.Count)
            throw new ArgumentException($"Clusters is {options.Clusters}, but there are {centres.Count} initial centres; "
                + "leave Clusters at 0 or give as many.", nameof(centres));
        for (var i = 0; i < centres.Count && curves.Count > 0; i++)
        {
            CheckShape(centres[i], curves[0], "Initial centre", i);
            CheckFinite(centres[i], i);
        }
    }

    // A gap in a curve is filled and told; a centre is what was meant to be one.
    private static void CheckFinite(double[][] centre, int index)
    {
        for (var c = 0; c < centre.Length; c++)
            for (var t = 0; t < centre[c].Length; t++)
                if (!double.IsFinite(centre[c][t]))
                    throw new ArgumentException($"Initial centre {index}, {(centre.Length == 1 ? "" : $"channel {c}, ")}point {t} is "
                        + $"{centre[c][t]}; a centre needs finite numbers at all points.");
    }

    /// <summary>Refuses prepared values whose squared distances leave the range of numbers.</summary>
    /// <param name="curves">[curve][channel * point]; null for one that is left out.</param>
    /// <param name="centres">[cluster][channel * point]; null where none are given.</param>
    public static void CheckSizes(double[]?[] curves, double[][]? centres)
    {
        var all = curves.Select((curve, i) => (Name: $"Curve {i}", Values: curve ?? []))
            .Concat((centres ?? []).Select((centre, i) => (Name: $"Initial centre {i}", Values: centre))).ToList();
        // Squares are summed over the points of a path, of twice the length at most, then over curves.
        var terms = 8.0 * curves.Length * all.Select(row => row.Values.Length).DefaultIfEmpty().Max();
        var largest = (Name: "", Size: 0.0);
        foreach (var (name, values) in all)
            foreach (var value in values)
            {
                if (!double.IsFinite(value) || !double.IsFinite(value * value * terms))
                    throw new ArgumentException($"{name} has the value {value} after preparation, and its squared distances are not "
                        + "finite; set Normalization to MinMax or Standardize, or divide the values.");
                if (Math.Abs(value) > largest.Size) largest = (name, Math.Abs(value));
            }
        if (largest.Size > 0 && !double.IsNormal(largest.Size * largest.Size))
            throw new ArgumentException($"{largest.Name} has the largest value after preparation, {largest.Size}, and its square is not "
                + "told from 0; set Normalization to MinMax or Standardize, or multiply the values.");
    }

    private static void CheckSteps(int? points, ClusteringOptions options, IReadOnlyList<double>? steps)
    {
        if (steps is null)
        {
            if (options.LogSteps)
                throw new ArgumentException(
                    "LogSteps needs the training step of each point; give steps.", nameof(steps));
            return;
        }
        if (points is { } length && steps.Count != length)
            throw new ArgumentException(
                $"There are {steps.Count} steps for curves of {length} points.", nameof(steps));
        for (var i = 0; i < steps.Count; i++)
            if (!(steps[i] >= 0) || i > 0 && !(steps[i] > steps[i - 1]))
                throw new ArgumentException(
                    $"Step {i} is {steps[i]}; steps start at 0 or above and rise.", nameof(steps));
    }
}
