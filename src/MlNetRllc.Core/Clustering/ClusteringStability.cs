using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Clustering;

/// <summary>How far a clustering depends on its seed.</summary>
/// <param name="MeanAgreement">Mean adjusted Rand index over all pairs of seeds, -1 to 1: 1 when the seed
/// does not matter.</param>
/// <param name="LeastAgreement">The least of them, -1 to 1.</param>
/// <param name="SeedsByCount">How many seeds chose each number of clusters.</param>
public sealed record ClusteringStability(
    double MeanAgreement, double LeastAgreement, IReadOnlyDictionary<int, int> SeedsByCount)
{
    /// <summary>Clusters with the seeds <c>options.Seed</c>, <c>options.Seed + 1</c>, ... and
    /// compares the results. Excluded curves do not count.</summary>
    /// <param name="curves">[curve][point].</param>
    /// <param name="options">How; its seed is the first one.</param>
    /// <param name="steps">Training step of each point.</param>
    /// <param name="seeds">How many, 2 or more. Use few restarts to see how much each start finds
    /// by itself.</param>
    public static ClusteringStability OverSeeds(
        IReadOnlyList<double[]> curves, ClusteringOptions options, IReadOnlyList<double>? steps = null, int seeds = 10)
    {
        ArgumentNullException.ThrowIfNull(curves);
        return OverSeeds([.. curves.Select(curve => new[] { curve })], options, steps, seeds);
    }

    /// <summary>The same of curves of several channels.</summary>
    /// <param name="curves">[curve][channel][point].</param>
    /// <param name="options">How; its seed is the first one.</param>
    /// <param name="steps">Training step of each point.</param>
    /// <param name="seeds">How many, 2 or more.</param>
    public static ClusteringStability OverSeeds(
        IReadOnlyList<double[][]> curves, ClusteringOptions options, IReadOnlyList<double>? steps = null, int seeds = 10)
    {
        ArgumentNullException.ThrowIfNull(options);
        Limits.AtLeast(seeds, 2);
        var cluster = TrajectoryClustering.ClusterBySeed(curves, options, steps);
        var results = Enumerable.Range(0, seeds).Select(i => cluster(unchecked(options.Seed + i))).ToArray();
        var labels = results.Select(result => result.Labels.Where(label => label >= 0).ToArray()).ToArray();
        var agreements = Enumerable.Range(0, seeds)
            .SelectMany(i => Enumerable.Range(0, i).Select(j => ClusterAgreement.AdjustedRandIndex(labels[i], labels[j]))).ToArray();
        return new ClusteringStability(
            agreements.Average(), agreements.Min(), results.CountBy(result => result.K).ToDictionary());
    }
}
