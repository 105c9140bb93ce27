using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Tests.Core.Clustering;

public sealed class GivenCentresTests
{
    private static readonly ClusteringOptions Plain = new() { Normalization = TrajectoryNormalization.None };
    private static readonly double[][] Line = [[0, 0], [1, 1], [2, 2], [10, 10], [11, 11], [12, 12]];

    [Fact]
    public void RoundsByHand_HaveTheirCosts()
    {
        // From 0 and 1 the second takes the rest, 7.2 on the mean; then 0, 1, 2 are nearer to 0, and the centres are 1 and 11.
        var result = TrajectoryClustering.Cluster(Line, Plain, initialCentres: [[0, 0], [1, 1]]);

        Assert.Equal([0, 0, 0, 1, 1, 1], result.Labels);
        Assert.Equal([606, 100.64, 8], result.CostHistory.Select(cost => Math.Round(cost, 9)));
        Assert.Equal((2, 2), (result.Rounds, Assert.Single(result.Counts).K));
        Assert.Equal(Math.Sqrt(2), result.DistanceToOwn(0), 1e-12);
    }

    [Fact]
    public void CentresGiven_ArePreparedAsTheCurvesAre()
    {
        var rising = new double[] { 5, 6, 7, 9 };
        var curves = new double[][] { [0, 1, 2, 4], [4, 2, 1, 0], [10, 20, 30, 50] };
        var result = TrajectoryClustering.Cluster(curves, new(), initialCentres: [rising, [.. rising.Reverse()]]);

        Assert.Equal([0, 1, 0], result.Labels);
        Assert.Equal(0, result.CostHistory[0], 1e-12);
    }

    [Fact]
    public void CostTolerance_EndsTheRounds() =>
        Assert.Equal(1, TrajectoryClustering.Cluster(
            Line, Plain with { CostTolerance = 90 }, initialCentres: [[0, 0], [1, 1]]).Rounds);

    [Fact]
    public void RoundThatRaisesTheCost_IsTakenBack()
    {
        // Shapes of noise: somewhere a round of k-Shape raises the cost.
        var raised = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new SplitMix(seed);
            var curves = Enumerable.Range(0, 16).Select(_ => Enumerable.Range(0, 9).Select(_ => random.Unit()).ToArray()).ToArray();
            var result = TrajectoryClustering.Cluster(
                curves, new() { Method = ClusteringMethod.KShape, CostTolerance = 0 }, initialCentres: [.. curves.Take(3)]);
            var cost = Enumerable.Range(0, 16).Sum(i => result.DistanceToOwn(i) * result.DistanceToOwn(i));
            Assert.Equal(result.CostHistory.Min(), cost, 1e-9);
            if (result.CostHistory[^1] > result.CostHistory.Min()) raised++;
        }
        Assert.InRange(raised, 1, 300);
    }

    [Fact]
    public void CostThatRises_EndsInTheRoundOfLeastCost()
    {
        var (raised, cutShort) = (0, 0);
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new SplitMix(seed);
            double[] Noise() => [.. Enumerable.Range(0, 9).Select(_ => random.Unit())];
            var curves = Enumerable.Range(0, 16).Select(_ => new[] { Noise(), Noise() }).ToArray();
            var result = TrajectoryClustering.ClusterChannels(
                curves, new() { Method = ClusteringMethod.KShape }, initialCentres: [.. curves.Take(3)]);
            var cost = Enumerable.Range(0, 16).Sum(i => result.DistanceToOwn(i) * result.DistanceToOwn(i));
            Assert.Equal(result.CostHistory.Min(), cost, 1e-9);
            Assert.Equal(cost, Assert.Single(result.Counts).Cost, 1e-9);
            if (result.CostHistory[^1] > cost + 1e-9) raised++;
            if (result.Rounds == 100) cutShort++;
            Assert.Equal(result.Rounds == 100, result.Notes.Any(note => note.Contains("ended at MaxIterations = 100")));
        }
        Assert.InRange(raised, 1, 300);
        Assert.InRange(cutShort, 1, 300);
    }

    [Fact]
    public void StartThatIsCutShort_IsNoted()
    {
        string[] Notes(int rounds) =>
            [.. TrajectoryClustering.Cluster(Line, Plain with { MaxIterations = rounds }, initialCentres: [[0, 0], [1, 1]]).Notes];

        Assert.StartsWith("The start that counts ended at MaxIterations = 1,", Assert.Single(Notes(1)));
        Assert.Empty(Notes(3));
    }

    [Fact]
    public void CentresThatDoNotFit_AreRefusedWithThePlace()
    {
        static string Message(ClusteringOptions options, params double[][] centres) =>
            Assert.Throws<ArgumentException>(() => TrajectoryClustering.Cluster(Line, options, initialCentres: centres)).Message;

        Assert.Contains("Initial centre 1 has 3 points", Message(Plain, [0, 0], [1, 2, 3]));
        Assert.Contains("Initial centre 0, point 1 is NaN; a centre needs", Message(Plain, [0, double.NaN]));
        Assert.Contains("Initial centre 1, channel 1, point 0 is", Assert.Throws<ArgumentException>(() =>
            TrajectoryClustering.ClusterChannels([[[0, 0], [1, 1]], [[2, 2], [3, 3]]], Plain,
                initialCentres: [[[0, 0], [1, 1]], [[2, 2], [double.PositiveInfinity, 3]]])).Message);
        Assert.Contains("Clusters is 3, but there are 1", Message(Plain with { Clusters = 3 }, [0, 0]));
        Assert.Contains("no initial centre", Message(Plain));
        Assert.Contains("begins from none", Message(Plain with { Method = ClusteringMethod.Hierarchical }, [0, 0]));
        Assert.Contains("only 6 curves are distinct", Message(Plain, [.. Line, [5, 5]]));
    }

    [Fact]
    public void WithoutSilhouettes_TheNumberMustBeGiven()
    {
        Assert.Contains("set Clusters", Assert.Throws<ArgumentException>(() =>
            TrajectoryClustering.Cluster(Line, Plain with { Silhouettes = false })).Message);
        var result = TrajectoryClustering.Cluster(Line, Plain with { Silhouettes = false, Clusters = 2 });
        Assert.All(result.ItemSilhouettes, silhouette => Assert.Equal(double.NaN, silhouette));
        Assert.Equal([0, 0, 0, 1, 1, 1], result.Labels);
    }

    [Fact]
    public void JoinsOfTheResult_NumberItemsAsGiven()
    {
        var result = TrajectoryClustering.Cluster(
            [[0, 0], [double.NaN, 1], [3, 3], [1, 1]], Plain with { Method = ClusteringMethod.Hierarchical, Clusters = 1 });

        Assert.Equal([(0, 3, 2), (2, 4, 3)], result.Merges.Select(m => (m.First, m.Second, m.Size)));
        Assert.Equal(Math.Sqrt(2), result.Merges[0].Height, 1e-12);
        Assert.Equal((0, 0), (result.Rounds, result.CostHistory.Count));
    }

    [Fact]
    public void RadiusInPoints_CountsInsteadOfTheShare()
    {
        var options = Plain with { Method = ClusteringMethod.DtwKMeans, Clusters = 1, WarpingWindow = 1, WarpingRadius = 0 };
        var result = TrajectoryClustering.Cluster([[0, 1, 0, 0], [0, 0, 0, 1]], options);

        Assert.Equal([0, 0.5, 0, 0.5], Assert.Single(result.Centres));
    }
}
