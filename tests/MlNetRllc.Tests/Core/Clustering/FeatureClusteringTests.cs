using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Tests.Core.Clustering;

public sealed class FeatureClusteringTests
{
    private const double None = double.NaN;

    private static readonly int[] Types = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2];

    [Fact]
    public void PlantedTypes_AreFound_AndTheirAgreementIsNoChance()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var found = FeatureClustering.Cluster(Table(seed, apart: 6), 3);
            Assert.Equal(3, found.K);
            Assert.Equal(1, ClusterAgreement.AdjustedRandIndex(found.Labels, Types));
            Assert.InRange(ClusterAgreement.PermutationPValue(found.Labels, Types, permutations: 1999), 0, 0.005);
        }
    }

    /// <summary>Over 200 tables of noise the p-values are spread as numbers drawn from 0 to 1, up to what their steps allow.</summary>
    [Fact]
    public void WithoutTypes_PValuesAreUniform()
    {
        double[] values = [.. Enumerable.Range(0, 200).Select(seed => ClusterAgreement.PermutationPValue(
            FeatureClustering.Cluster(Table(seed, apart: 0), 3, restarts: 5).Labels, Types, permutations: 499))];
        // The index takes few values, and equal ones count as reached: a share below x is at most x, but for what 200 draws scatter.
        foreach (var limit in new[] { 0.05, 0.1, 0.25, 0.5 })
            Assert.InRange(values.Count(p => p <= limit), 0, (int)(200 * limit + 3.3 * Math.Sqrt(200 * limit * (1 - limit))));
        Assert.InRange(values.Count(p => p <= 0.25), 20, 200);
        Assert.InRange(values.Count(p => p <= 0.75), 100, 190);
    }

    [Fact]
    public void UnitsOfFeatures_ChangeNothing()
    {
        var table = Table(1, apart: 3);
        var scaled = table.Select(row => row.Select((value, f) => f == 0 ? 1e6 * value + 5 : 1e-3 * value).ToArray()).ToList();
        Assert.Equal(FeatureClustering.Cluster(table, 3).Labels, FeatureClustering.Cluster(scaled, 3).Labels);
    }

    [Fact]
    public void MissingValues_AreTheMean_AndCounted()
    {
        var found = FeatureClustering.Cluster([[-1], [9], [None], [4]], 3);
        Assert.Equal([0, 1, 2, 2], found.Labels);
        Assert.Equal((1, 0, 0), (found.Missing, found.Sparse, found.Constant));
    }

    [Fact]
    public void FeaturesMissingForMoreThanHalf_AreLeftOut()
    {
        var found = FeatureClustering.Cluster([[None, 0, None], [None, 0, 100], [7, 9, 1], [-7, 9, None], [7, 9, None]], 2);
        Assert.Equal([0, 1], found.Used);
        Assert.Equal((2, 1, 0), (found.Missing, found.Sparse, found.Constant));
    }

    [Fact]
    public void FeatureThatIsTheSameForAll_IsLeftOut()
    {
        var found = FeatureClustering.Cluster([[0.1 + 0.2, 0], [0.3, 0], [0.3, 1]], 2);
        Assert.Equal([1], found.Used);
        Assert.Equal(1, found.Constant);
        Assert.Equal([0, 0, 1], found.Labels);
    }

    [Fact]
    public void NothingThatTellsItemsApart_IsOneCluster()
    {
        var found = FeatureClustering.Cluster([[3, None], [3, None]], 2);
        Assert.Equal(1, found.K);
        Assert.Equal([0, 0], found.Labels);
        Assert.Empty(found.Used);
        Assert.Equal(0, FeatureClustering.Cluster([], 2).K);
    }

    [Fact]
    public void FewerDistinctItemsThanClusters_AreFewerClusters() =>
        Assert.Equal(2, FeatureClustering.Cluster([[1], [1], [2]], 3).K);

    [Fact]
    public void ItemsWithDifferentFeatures_AreRefused() =>
        Assert.Throws<ArgumentException>(() => FeatureClustering.Cluster([[1, 2], [1]], 2));

    /// <summary>12 items of 4 features about 3 centres.</summary>
    /// <param name="seed">Of the noise.</param>
    /// <param name="apart">How far centres lie apart, in standard deviations of the noise along a feature; the fourth feature
    /// tells what the first does.</param>
    private static double[][] Table(int seed, double apart)
    {
        var random = NamedRandom.Stream("feature tables", seed);
        return [.. Types.Select((type, item) =>
        {
            var features = new double[4];
            random.Normals(features.AsSpan(), (ulong)item);
            features[type] += apart;
            if (type == 0) features[3] += apart;
            return features;
        })];
    }
}
