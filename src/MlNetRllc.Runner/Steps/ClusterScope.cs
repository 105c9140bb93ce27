using MlNetRllc.Clustering;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>Heads that were clustered together.</summary>
/// <param name="Name"><c>all</c>, or one layer's, such as <c>l1</c>.</param>
/// <param name="Options">How.</param>
/// <param name="Clusters">What came out.</param>
internal sealed record ClusterScope(string Name, ClusterTrajectoriesOptions Options, TrajectoryClusters Clusters)
{
    /// <summary>Random starts from which stability is judged.</summary>
    private const int Seeds = 20;

    private ClusteringResult Result => Clusters.Result;

    /// <summary>Options for curves that are resampled, smoothed and normalised already.</summary>
    private ClusteringOptions AsPrepared => Options.Clustering with
    {
        Normalization = TrajectoryNormalization.None, LogSteps = false, SmoothingWindow = 1,
    };

    /// <summary>How far clusterings from other random starts agree with each other; null for fewer than two curves, and where
    /// the start is given.</summary>
    public double? Stability => Options.InitialComponents.Count == 0 && Included() is { Count: > 1 } curves
        ? ClusteringStability.OverSeeds(curves, AsPrepared, seeds: Seeds).MeanAgreement : null;

    private List<double[][]> Included() =>
        [.. Enumerable.Range(0, Result.Labels.Count).Where(i => Result.Labels[i] >= 0).Select(i => Result.PreparedOf(i).ToArray())];

    /// <summary>A row a head.</summary>
    public IEnumerable<HeadClusterRow> Rows(HeadAgreement agreement) => Clusters.Components.Select((component, i) => new HeadClusterRow
    {
        Component = component, Cluster = Result.Labels[i] + 1, Silhouette = (float)Result.ItemSilhouettes[i],
        Scope = Name, Dataset = Clusters.Dataset,
        HeadType = agreement.TypeOf(component), Distance = Result.Labels[i] is >= 0 and var own ? Result.Distances[i][own] : double.NaN,
    });

    /// <summary>A row a point of a curve as it was clustered, and of a cluster's centre.</summary>
    public IEnumerable<ClusterCurveRow> Curves()
    {
        IEnumerable<ClusterCurveRow> Points(string component, int cluster, double[] curve) => curve.Select((value, i) => new ClusterCurveRow
        {
            Scope = Name, Component = component, Cluster = cluster, Step = Result.Axis[i % Result.Axis.Count], Value = value,
            Channel = Clusters.Channels.Count == 0 ? "" : Clusters.Channels[i / Result.Axis.Count],
        });
        return
        [
            .. Clusters.Components.SelectMany((c, i) => Points(c, Result.Labels[i] + 1, Result.Prepared[i])),
            .. Result.Centres.SelectMany((centre, k) => Points("", k + 1, centre)),
        ];
    }

    /// <summary>A row a number of clusters that was tried.</summary>
    public IEnumerable<ClusterCountRow> Counts(HeadAgreement agreement)
    {
        foreach (var count in Result.Counts)
        {
            var agreed = agreement.With(Clusters.Components.Zip(count.Labels));
            yield return new()
            {
                Scope = Name, K = count.K, Silhouette = count.Silhouette, Chosen = count.K == Result.K ? 1 : 0,
                AdjustedRandIndex = agreed.Rand, NormalizedMutualInformation = agreed.Information,
                AdjustedMutualInformation = agreed.AdjustedInformation,
            };
        }
    }
}
