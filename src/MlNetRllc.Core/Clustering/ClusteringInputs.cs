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
        options.Validated();
        for (var i = 0; i < curves.Count; i++) CheckShape(curves[i], curves[0], "Curve", i);
        CheckCentres(curves, options, initialCentres);
        CheckSteps(curves.Count > 0 ? curves[0][0].Length : null, options, steps);
        return curves.Count > 0 ? curves[0].Length : 1;
    }

    private static void CheckShape(double[][] curve, double[][] first, string what, int index)
    {
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
        if (curves.Count > 0)
            for (var i = 0; i < centres.Count; i++) CheckShape(centres[i], curves[0], "Initial centre", i);
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
