using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Tests.Core.Clustering;

public sealed class RefusedClusteringInputsTests
{
    private static readonly double[][] Two = [[0, 1], [1, 0]];

    [Fact]
    public void Null_IsNamed()
    {
        static string Message(Action action) => Assert.Throws<ArgumentNullException>(action).Message;

        Assert.Contains("Curve 1 is null", Message(() => TrajectoryClustering.Cluster([[0, 1], null!], new())));
        Assert.Contains("Curve 0 is null", Message(() => TrajectoryClustering.ClusterChannels([null!], new())));
        Assert.Contains("Channel 1 of curve 0 is null", Message(() => TrajectoryClustering.ClusterChannels([[[0, 1], null!]], new())));
        Assert.Contains("Initial centre 1 is null", Message(() => TrajectoryClustering.Cluster(Two, new(), null, [[0, 1], null!])));
        Assert.Contains("options", Message(() => TrajectoryClustering.Cluster(Two, null!)));
        Assert.Contains("member 1", Message(() => DynamicTimeWarping.Barycentre([[0, 1], null!], [0, 1])));
        Assert.Contains("start", Message(() => DynamicTimeWarping.Barycentre(Two, (double[])null!)));
        Assert.Contains("member 1", Message(() => ShapeExtraction.Centre([[0, 1], null!], [0, 1])));
    }

    [Fact]
    public void UnknownNormalizationScopeOrDistance_IsRefused()
    {
        static string Message(ClusteringOptions options) =>
            Assert.Throws<ArgumentOutOfRangeException>(() => TrajectoryClustering.Cluster(Two, options)).Message;

        Assert.Contains("Normalization is 9", Message(new() { Normalization = (TrajectoryNormalization)9 }));
        Assert.Contains("NormalizationScope is 9", Message(new() { NormalizationScope = (NormalizationScope)9 }));
        Assert.Contains("Distance is 9", Message(new() { Method = ClusteringMethod.Hierarchical, Distance = (CurveDistance)9 }));
        Assert.Contains("9", Assert.Throws<ArgumentOutOfRangeException>(() =>
            TrajectoryPreparation.Normalize([0, 1], (TrajectoryNormalization)9)).Message);
    }

    [Theory]
    [InlineData(-1), InlineData(int.MaxValue)]
    public void LabelOutOfRange_IsRefused(int label) =>
        Assert.Contains($"Label 1 is {label}", Assert.Throws<ArgumentException>(() =>
            Silhouettes.Compute(new double[,] { { 0, 1 }, { 1, 0 } }, [0, label])).Message);

    [Fact]
    public void InfiniteDistance_IsRefused()
    {
        var distances = new double[,] { { 0, double.PositiveInfinity }, { double.PositiveInfinity, 0 } };
        Assert.All<Action>(
            [
                () => Silhouettes.Compute(distances, [0, 1]), () => HierarchicalClustering.Cut(distances, 1, Linkage.Single),
                () => HierarchicalClustering.Merges(distances, Linkage.Average),
            ],
            action => Assert.Contains("The distance of items 0 and 1 is", Assert.Throws<ArgumentException>(action).Message));
    }

    [Fact]
    public void TableThatIsNoneOfDistances_IsNotJoined()
    {
        static string Message(double there, double back)
        {
            var distances = new double[,] { { 0, there }, { back, 0 } };
            var cut = Assert.Throws<ArgumentException>(() => HierarchicalClustering.Cut(distances, 1, Linkage.Average));
            var merges = Assert.Throws<ArgumentException>(() => HierarchicalClustering.Merges(distances, Linkage.Average));
            Assert.Equal(merges.Message, cut.Message);
            return merges.Message;
        }

        Assert.Contains("items 1 and 0 is 3, and that of 0 and 1 is 2", Message(2, 3));
        Assert.Contains("items 1 and 0 is -2; it must be at least 0", Message(-2, -2));
    }

    [Fact]
    public void TableThatIsSymmetricButForRounding_IsJoined() =>
        Assert.Equal(2, Assert.Single(HierarchicalClustering.Merges(
            new double[,] { { 0, 2 }, { 2 + 1e-15, 0 } }, Linkage.Average)).Height, 1e-12);

    [Fact]
    public void BarycentreOfNegativeRounds_IsRefused() =>
        Assert.Contains("maxIterations is -1", Assert.Throws<ArgumentOutOfRangeException>(() =>
            DynamicTimeWarping.Barycentre(Two, [0, 1], maxIterations: -1)).Message);
}
