using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Clustering;

/// <summary>Puts curves, such as each head's rLLC over training, into clusters.</summary>
/// <remarks>
/// <para>Each curve by itself: gaps are filled along straight lines on the step axis, then it is
/// resampled in log step, smoothed and normalised, as the options say. A curve with fewer than 2
/// finite points in a channel is left out and reported; what was filled is reported too.</para>
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
    /// <param name="initialCentres">[cluster][point], where a single start begins, prepared as the
    /// curves are; their number is that of the clusters. Left out, starts are random.</param>
    /// <exception cref="ArgumentException">Curves of different lengths, steps that do not fit or do
    /// not rise, log steps without steps, options that do not go together, initial centres that do
    /// not fit or are not finite, or values so large or small that squared distances are not numbers.</exception>
    /// <exception cref="ArgumentNullException">A curve or an initial centre is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public static ClusteringResult Cluster(
        IReadOnlyList<double[]> curves, ClusteringOptions options, IReadOnlyList<double>? steps = null,
        IReadOnlyList<double[]>? initialCentres = null)
    {
        ArgumentNullException.ThrowIfNull(curves);
        return ClusterChannels([.. curves.Select(OneChannel)], options, steps, initialCentres?.Select(OneChannel).ToList());
    }

    /// <summary>Clusters curves of several channels, such as a head's rLLC on each of several
    /// datasets: distances sum the squares over channels, a warping path and a shift are one for all.</summary>
    /// <param name="curves">[curve][channel][point], all of one shape; NaN marks a missing point.</param>
    /// <param name="options">How.</param>
    /// <param name="steps">Training step of each point, rising; left out, points are evenly apart.</param>
    /// <param name="initialCentres">[cluster][channel][point], where a single start begins, prepared as
    /// the curves are; their number is that of the clusters. Left out, starts are random.</param>
    /// <exception cref="ArgumentException">As for one channel, or curves of different channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public static ClusteringResult ClusterChannels(
        IReadOnlyList<double[][]> curves, ClusteringOptions options, IReadOnlyList<double>? steps = null,
        IReadOnlyList<double[][]>? initialCentres = null) =>
        ClusterBySeed(curves, options, steps, initialCentres)(options.Seed);

    /// <summary>Clusters curves by any seed; what does not depend on it is computed once.</summary>
    internal static Func<int, ClusteringResult> ClusterBySeed(
        IReadOnlyList<double[][]> curves,
        ClusteringOptions options,
        IReadOnlyList<double>? steps = null,
        IReadOnlyList<double[][]>? initialCentres = null)
    {
        var channels = ClusteringInputs.Check(curves, options, steps, initialCentres);
        var preparation = new CurvePreparation(curves, options, steps, channels);
        int[] items = [.. Enumerable.Range(0, curves.Count).Where(i => preparation.Prepared[i] is not null)];
        var given = new GivenCurves(preparation.Prepared, preparation.Axis, items, preparation.Excluded)
        {
            Channels = channels, Filled = preparation.Filled,
        };
        var starts = preparation.CentresOf(initialCentres);
        ClusteringInputs.CheckSizes(preparation.Prepared, starts);
        if (items.Length == 0)
            return _ => given.Spread(new Partition([], [], 0), [], [], [NothingToCluster]);
        var included = new PreparedCurves(
            [.. items.Select(i => preparation.Prepared[i]!)], options, channels, starts);
        if (included.GivenCentres > included.Distinct)
            throw new ArgumentException($"{included.GivenCentres} initial centres are given, but only {included.Distinct} curves are "
                + "distinct; give no more centres than that.", nameof(initialCentres));
        return seed => Chosen(given, included, options, seed);
    }

    private static double[][] OneChannel(double[] curve) => [curve];

    private static ClusteringResult Chosen(
        GivenCurves given, PreparedCurves included, ClusteringOptions options, int seed)
    {
        var (distinct, notes) = (included.Distinct, new List<string>());
        var counts = CountsTried(included, options).Where(k => k <= distinct)
            .Select(k => CountOf(given, included, k, seed))
            .ToArray();
        var wanted = included.GivenCentres > 0 ? included.GivenCentres
            : options.Clusters > 0 ? options.Clusters
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
        if (included.IsSampled && options.Silhouettes)
            notes.Add($"Silhouettes are those of {PreparedCurves.SampleSize:N0} of the {included.Curves.Length:N0} curves, "
                + "evenly chosen, among each other.");
        var chosen = included.Partition(Math.Min(wanted, distinct), seed);
        if (chosen.IsCutShort)
            notes.Add($"The start that counts ended at MaxIterations = {options.MaxIterations}, before its clusters came to rest; "
                + "of its rounds the one of least cost is given.");
        var distances = included.Geometry.Between(included.Curves, chosen.Centres);
        return given.Spread(chosen, included.SilhouettesOf(chosen), distances, notes, counts, included.Tree);
    }

    /// <summary>Numbers of clusters of which silhouettes are told: with given centres theirs alone.</summary>
    private static IEnumerable<int> CountsTried(PreparedCurves included, ClusteringOptions options) =>
        included.GivenCentres > 0 ? [included.GivenCentres]
        : !options.Silhouettes ? [options.Clusters]
        : Enumerable.Range(options.MinClusters, options.MaxClusters - options.MinClusters + 1);

    private static ClusterCount CountOf(GivenCurves given, PreparedCurves included, int k, int seed)
    {
        var partition = included.Partition(k, seed);
        var silhouette = Silhouettes.MeanOf(included.SilhouettesOf(partition));
        return new(k, silhouette, partition.Cost) { Labels = given.Spread(partition.Labels) };
    }
}
