using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Clustering;

/// <summary>Puts curves, such as each head's rLLC over training, into clusters.</summary>
/// <remarks>
/// <para>Each curve by itself: gaps are filled along straight lines on the step axis, then it is
/// resampled in log step, smoothed and normalised, as the options say. A curve with fewer than 2
/// finite points is left out and reported.</para>
/// <para>The silhouette (in the method's own distance) is given for every number of clusters tried;
/// the largest decides unless the number is given, and of equal ones the fewest clusters. There
/// cannot be more clusters than distinct curves (distinct: farther apart than 1e-9 of the largest
/// value, in the method's own distance): a larger number is lowered, with a note; curves of which
/// no two are that far apart are one cluster.</para>
/// </remarks>
public static class TrajectoryClustering
{
    private const string NothingToCluster =
        "No curve has 2 finite points, so there is nothing to cluster; more checkpoints are needed.";

    /// <summary>Clusters curves.</summary>
    /// <param name="curves">[curve][point], all of one length; NaN marks a missing point.</param>
    /// <param name="options">How.</param>
    /// <param name="steps">Training step of each point, rising; left out, points are evenly apart.</param>
    /// <exception cref="ArgumentException">Curves of different lengths, steps that do not fit or do
    /// not rise, log steps without steps, or options that do not go together.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public static ClusteringResult Cluster(
        IReadOnlyList<double[]> curves, ClusteringOptions options, IReadOnlyList<double>? steps = null) =>
        ClusterBySeed(curves, options, steps)(options.Seed);

    /// <summary>Clusters curves by any seed; what does not depend on it is computed once.</summary>
    internal static Func<int, ClusteringResult> ClusterBySeed(
        IReadOnlyList<double[]> curves, ClusteringOptions options, IReadOnlyList<double>? steps = null)
    {
        Check(curves, options, steps);
        var (prepared, axis) = Prepare(curves, options, steps);
        var excluded = prepared.Select((curve, i) => (curve, i)).Where(item => item.curve is null)
            .Select(item => new ExcludedCurve(item.i, ReasonToExclude(curves[item.i]))).ToArray();
        int[] items = [.. Enumerable.Range(0, curves.Count).Where(i => prepared[i] is not null)];
        var given = new GivenCurves(prepared, axis, items, excluded);
        if (items.Length == 0)
            return _ => given.Spread(new Partition([], [], 0), [], [], [NothingToCluster]);
        var included = new PreparedCurves([.. items.Select(i => prepared[i]!)], options);
        return seed => Chosen(given, included, options, seed);
    }

    private static ClusteringResult Chosen(
        GivenCurves given, PreparedCurves included, ClusteringOptions options, int seed)
    {
        var (distinct, notes) = (included.Distinct, new List<string>());
        var counts = Enumerable.Range(options.MinClusters, options.MaxClusters - options.MinClusters + 1)
            .Where(k => k <= distinct)
            .Select(k => CountOf(given, included, k, seed))
            .ToArray();
        var wanted = options.Clusters > 0 ? options.Clusters
            : counts.Length > 0 ? counts.Aggregate((best, next) => next.Silhouette > best.Silhouette + 1e-12 ? next : best).K
            : distinct;
        if (distinct == 1)
            notes.Add(included.Curves.Length == 1 ? "There is one curve: it is one cluster."
                : $"No two of the {included.Curves.Length} curves are farther apart than rounding ({included.Rounding:0.#e-0}) "
                    + "after preparation: they are one cluster.");
        else if (wanted > distinct)
            notes.Add($"{wanted} clusters were asked for, but only {distinct} curves are distinct: "
                + $"there are {distinct} clusters.");
        else if (options.Clusters == 0 && counts.Length == 0)
            notes.Add($"Only {distinct} curves are distinct, fewer than MinClusters = {options.MinClusters}: "
                + $"there are {distinct} clusters.");
        if (included.IsSampled)
            notes.Add($"Silhouettes are those of {PreparedCurves.SampleSize:N0} of the {included.Curves.Length:N0} curves, "
                + "evenly chosen, among each other.");
        var chosen = included.Partition(Math.Min(wanted, distinct), seed);
            return given.Spread(
                chosen, included.SilhouettesOf(chosen), DistancesToCentres(included, chosen), notes, counts);
        }

        private static ClusterCount CountOf(GivenCurves given, PreparedCurves included, int k, int seed)
        {
            var partition = included.Partition(k, seed);
            var silhouette = Silhouettes.MeanOf(included.SilhouettesOf(partition));
            return new(k, silhouette, partition.Cost) { Labels = given.Spread(partition.Labels) };
        }

        private static double[][] DistancesToCentres(PreparedCurves included, Partition chosen)
        {
            double[] Distances(double[] curve) =>
                [.. chosen.Centres.Select(centre => included.Geometry.Distance(curve, centre))];
            return [.. included.Curves.Select(Distances)];
        }

    private static (double[]?[] Curves, double[] Axis) Prepare(
        IReadOnlyList<double[]> curves, ClusteringOptions options, IReadOnlyList<double>? steps)
    {
        double[] positions = steps is not null ? [.. steps]
            : [.. Enumerable.Range(0, curves.Count == 0 ? 0 : curves[0].Length).Select(i => (double)i)];
        var resample = options.LogSteps && positions.Length > 1;
        var axis = resample
            ? TrajectoryPreparation.LogSpacedSteps(positions,
                Math.Max(2, options.ResampledPoints == 0 ? positions.Length : options.ResampledPoints))
            : positions;
        var normalization = options.Method == ClusteringMethod.KShape
            ? TrajectoryNormalization.Standardize
            : options.Normalization;
        return ([.. curves.Select(curve =>
        {
            if (TrajectoryPreparation.FillGaps(curve, positions) is not { } filled) return null;
            if (resample) filled = TrajectoryPreparation.Resample(filled, positions, axis);
            return TrajectoryPreparation.Normalize(
                TrajectoryPreparation.Smooth(filled, options.SmoothingWindow), normalization);
        })], axis);
    }

    private static string ReasonToExclude(double[] curve) =>
        $"{curve.Count(double.IsFinite)} of {curve.Length} points are finite; a curve needs 2.";

    private static void Check(
        IReadOnlyList<double[]> curves, ClusteringOptions options, IReadOnlyList<double>? steps)
    {
        ArgumentNullException.ThrowIfNull(curves);
        options.Validated();
        if (options.MinClusters > options.MaxClusters)
            throw new ArgumentException(
                $"MinClusters {options.MinClusters} exceeds MaxClusters {options.MaxClusters}.",
                nameof(options));
        if (options is { Method: ClusteringMethod.Hierarchical, Linkage: Linkage.Ward, Distance: not CurveDistance.Euclidean })
            throw new ArgumentException("Ward's linkage is defined for Euclidean distances; choose Average, Complete or Single with "
                + $"{options.Distance}.", nameof(options));
        for (var i = 1; i < curves.Count; i++)
            if (curves[i].Length != curves[0].Length)
                throw new ArgumentException($"Curve {i} has {curves[i].Length} points and curve 0 has {curves[0].Length}; "
                    + "mark missing points with NaN so that all have one length.", nameof(curves));
        if (steps is null)
        {
            if (options.LogSteps)
                throw new ArgumentException(
                    "LogSteps needs the training step of each point; give steps.", nameof(steps));
            return;
        }
        if (curves.Count > 0 && steps.Count != curves[0].Length)
            throw new ArgumentException(
                $"There are {steps.Count} steps for curves of {curves[0].Length} points.", nameof(steps));
        for (var i = 0; i < steps.Count; i++)
            if (!(steps[i] >= 0) || i > 0 && !(steps[i] > steps[i - 1]))
                throw new ArgumentException(
                    $"Step {i} is {steps[i]}; steps start at 0 or above and rise.", nameof(steps));
    }
}
