using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Tests.Core.Clustering;

public sealed class ManyCurvesTests
{
    [Fact]
    public void MoreCurvesThanAllPairsAreHeldOf_HaveSilhouettesOfAStatedSample()
    {
        var curves = Curves(PreparedCurves.MostPairwise + 100);
        var options = new ClusteringOptions
        {
            Restarts = 2,
            MaxClusters = 3,
            Normalization = TrajectoryNormalization.None,
        };
        var found = TrajectoryClustering.Cluster(curves, options);
        Assert.Equal(PreparedCurves.SampleSize, found.ItemSilhouettes.Count(double.IsFinite));
        Assert.Equal(2, found.K);
        Assert.InRange(found.Silhouette, 0.9, 1);
        Assert.Contains("2,048 of the 4,196 curves", Assert.Single(found.Notes));
    }

    [Fact]
    public void JoiningMoreCurvesThanMemoryHolds_SaysCurvesAndGigabytes()
    {
        var curve = new double[] { 0, 1 };
        var curves = Enumerable.Range(0, 50_000).Select(i => i == 0 ? [1.0, 0.0] : curve).ToArray();
        var options = new ClusteringOptions { Method = ClusteringMethod.Hierarchical };
        var error = Assert.Throws<InvalidOperationException>(() => TrajectoryClustering.Cluster(curves, options));
        Assert.Contains("50,000 curves", error.Message);
        Assert.Contains("40.0 GB", error.Message);
    }

    [Theory, InlineData(ClusteringMethod.EuclideanKMeans), InlineData(ClusteringMethod.Hierarchical)]
    public void EveryCount_HasTheLabelsThatItsNumberGivesAlone(ClusteringMethod method)
    {
        var curves = Curves(40);
        var options = new ClusteringOptions { Method = method, MaxClusters = 5 };
        var found = TrajectoryClustering.Cluster(curves, options);
        Assert.Equal([2, 3, 4, 5], found.Counts.Select(c => c.K));
        Assert.All(found.Counts, count =>
        {
            var alone = TrajectoryClustering.Cluster(curves, options with { Clusters = count.K });
            Assert.Equal(alone.Labels, count.Labels);
        });
    }

    [Fact]
    public void Joins_AgreeOverAllSeeds()
    {
        var stability = ClusteringStability.OverSeeds(
            Curves(30), new() { Method = ClusteringMethod.Hierarchical }, seeds: 5);
        Assert.Equal(
            (1.0, 1.0, 5),
            (stability.MeanAgreement, stability.LeastAgreement, stability.SeedsByCount.Values.Sum()));
    }

    /// <summary>Curves about two shapes, by turns.</summary>
    private static double[][] Curves(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var curve = new double[12];
        NamedRandom.Stream("curves", i).Normals(curve, 0);
        for (var t = 0; t < curve.Length; t++) curve[t] = 0.1 * curve[t] + (i % 2 == 0 ? t : 8 - 2 * t);
        return curve;
    })];
}
