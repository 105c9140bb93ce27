using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Tests.Core.Clustering;

public sealed class SeveralChannelsTests
{
    private static readonly ClusteringOptions Plain = new() { Normalization = TrajectoryNormalization.None };

    public static TheoryData<ClusteringOptions> Methods => TrajectoryClusteringTests.Methods;

    [Theory, MemberData(nameof(Methods))]
    public void ChannelThatTellsThemApart_IsHeeded(ClusteringOptions options)
    {
        // The first channel is noise alike for all; in the second curves rise or wave.
        var curves = Curves(14);
        var result = TrajectoryClustering.ClusterChannels(curves, options with { Clusters = 2, Restarts = 4 });

        Assert.Equal(Enumerable.Range(0, 14).Select(i => i % 2), result.Labels);
        Assert.Equal((2, 2 * 20), (result.Channels, result.Centres[0].Length));
        Assert.Equal(result.Centres[1], result.CentreOf(1).SelectMany(channel => channel));
        Assert.InRange(result.Silhouette, 0.02, 1);
    }

    [Theory, MemberData(nameof(Methods))]
    public void OneChannel_IsAsWithoutChannels(ClusteringOptions options)
    {
        var curves = Curves(10).Select(curve => curve[1]).ToArray();
        var plain = TrajectoryClustering.Cluster(curves, options);
        var wrapped = TrajectoryClustering.ClusterChannels([.. curves.Select(curve => new[] { curve })], options);

        Assert.Equal(plain.Centres, wrapped.Centres);
        Assert.Equal(plain.ItemSilhouettes, wrapped.ItemSilhouettes);
    }

    [Theory, MemberData(nameof(Methods))]
    public void EqualChannels_ScaleEveryDistanceAlike(ClusteringOptions options)
    {
        var curves = Curves(10).Select(curve => curve[1]).ToArray();
        var one = TrajectoryClustering.Cluster(curves, options with { Clusters = 3 });
        var four = TrajectoryClustering.ClusterChannels(
            [.. curves.Select(curve => new[] { curve, curve, curve, curve })], options with { Clusters = 3 });
        // A root of a sum of squares doubles, a share of a correlation stays.
        var factor = options.Method == ClusteringMethod.KShape ? 1 : 2;

        Assert.Equal(one.Labels, four.Labels);
        TslearnData.AssertNear([.. one.Distances.SelectMany(d => d).Select(d => factor * d)], four.Distances.SelectMany(d => d), 1e-9);
    }

    [Fact]
    public void GapsInAChannel_AreFilledAndTold()
    {
        var curves = Curves(6);
        (curves[2][1][3], curves[2][1][4], curves[4][0][0]) = (double.NaN, double.PositiveInfinity, double.NaN);
        Array.Fill(curves[5][1], double.NaN);
        var result = TrajectoryClustering.ClusterChannels(curves, Plain with { Clusters = 2 });

        Assert.Equal([new(2, 1, 2), new(4, 0, 1)], result.Filled);
        Assert.Equal((5, "0 of 20 points of channel 1 are finite; a curve needs 2."),
            (Assert.Single(result.Excluded).Index, result.Excluded[0].Reason));
        Assert.Empty(result.PreparedOf(5)[1]);
        Assert.Equal(double.NaN, result.DistanceToOwn(5));
    }

    [Fact]
    public void CurvesThatDoNotFit_AreRefusedWithThePlace()
    {
        static string Message(params double[][][] curves) =>
            Assert.Throws<ArgumentException>(() => TrajectoryClustering.ClusterChannels(curves, new())).Message;

        Assert.Contains("Curve 1 has 1 channels and curve 0 has 2", Message([[1, 2], [1, 2]], [[1, 2]]));
        Assert.Contains("Channel 1 of curve 1 has 3 points and channel 0 of curve 0 has 2", Message([[1, 2], [1, 2]], [[1, 2], [1, 2, 3]]));
        Assert.Contains("Curve 0 has no channel", Message([[]]));
    }

    [Fact]
    public void SeedsOfSeveralChannels_AreCompared() =>
        Assert.Equal(1, ClusteringStability.OverSeeds(Curves(12), new() { Clusters = 2 }, seeds: 4).MeanAgreement);

    [Theory, MemberData(nameof(Methods))]
    public void OneThread_GivesTheBitsOfMany(ClusteringOptions options)
    {
        var curves = Curves(60, points: 60);
        var many = TrajectoryClustering.ClusterChannels(curves, options with { Clusters = 4, Restarts = 1 });
        ClusteringResult? one = null;
        Work.Alone(() => one = TrajectoryClustering.ClusterChannels(curves, options with { Clusters = 4, Restarts = 1 }));

        Assert.Equal(many.Labels, one!.Labels);
        Assert.Equal(many.Centres, one.Centres);
        Assert.Equal(many.ItemSilhouettes, one.ItemSilhouettes);
    }

    private static double[][][] Curves(int count, int points = 20)
    {
        var random = new SplitMix(8, count);
        double Noise() => 0.4 * (random.Unit() - 0.5);
        double[] Channel(Func<int, double> shape) => [.. Enumerable.Range(0, points).Select(t => shape(t) + Noise())];
        return [.. Enumerable.Range(0, count).Select(i => new[]
        {
            Channel(t => (t - 9) * (t - 9) / 40.0),
            i % 2 == 0 ? Channel(t => t / 5.0) : Channel(t => t % 7 < 3 ? 2.5 : 0),
        })];
    }
}
