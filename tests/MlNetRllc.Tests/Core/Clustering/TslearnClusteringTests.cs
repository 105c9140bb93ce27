using System.Text.Json;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Tests.Core.Sampling;
using static MlNetRllc.Tests.Core.Clustering.TslearnData;

namespace MlNetRllc.Tests.Core.Clustering;

/// <summary>Clusterings from given centres agree with those of tslearn, and with what the definition
/// wants where it departs from it.</summary>
public sealed class TslearnClusteringTests
{
    // Soft-DTW is no method here.
    public static TheoryData<int> KMeans => [.. Enumerable.Range(0, 16)];

    [Theory, MemberData(nameof(KMeans))]
    public void KMeans_RoundByRound(int number)
    {
        var of = CasesOf("kMeans")[number];
        var options = new ClusteringOptions
        {
            Method = of.GetProperty("metric").GetString() == "dtw" ? ClusteringMethod.DtwKMeans : ClusteringMethod.EuclideanKMeans,
            WarpingRadius = RadiusOf(of), BarycentreRounds = 30, MaxIterations = 50, CostTolerance = 1e-6,
        };
        var (curves, result) = Clustered(of, options);
        var named = Enumerable.Range(0, result.K).Select(k => of.Whole("labels")[result.Labels.ToList().IndexOf(k)]).ToArray();
        Assert.Equal(of.Whole("labels"), result.Labels.Select(label => named[label]));
        double[] costs = [.. of.GetProperty("rounds").EnumerateArray().Select(round => round.GetProperty("inertia").GetDouble())];
        AssertNear(costs, result.CostHistory.Select(cost => cost / curves.Length), 1e-10);
        Assert.Equal((of.GetProperty("nIter").GetInt32(), costs.Length), (result.Rounds + 1, result.CostHistory.Count));
        AssertNear(of.Numbers("centres"), Centres(result, named), 1e-10);
        var squares = Enumerable.Range(0, curves.Length).Sum(i => result.DistanceToOwn(i) * result.DistanceToOwn(i));
        Assert.Equal(of.GetProperty("sumOfSquaresAtLastCentres").GetDouble(), squares, 1e-8);
    }

    public static TheoryData<int> KShapes => [0, 1, 2];

    [Theory, MemberData(nameof(KShapes))]
    public void KShape_StandardisesMembersAgain(int number)
    {
        var of = CasesOf("kShape.cases")[number];
        CheckShapes(of, of.GetProperty("membersStandardisedAgain"));
    }

    [Fact]
    public void KShape_IsZeroWhereAChannelIsConstant()
    {
        var of = Part("kShape.constantChannel");
        var result = CheckShapes(of, of.GetProperty("wanted"));
        Assert.All(Enumerable.Range(0, result.K), k => Assert.All(result.CentreOf(k)[2], value => Assert.Equal(0, value)));
    }

    [Fact]
    public void ShapeOfGivenMembers_IsThatOfTheDefinition() => Assert.All(CasesOf("kShape.extraction"), of =>
    {
        var curves = CurvesOf(of);
        double[][][] members = [.. of.Whole("items").Select(i => curves[i])];
        var shape = ShapeExtraction.Centre(members, members[0]);
        AssertNear(of.Numbers("membersStandardisedAgain"), ByPoint(shape), 1e-8);
    });

    [Fact]
    public void SignOfAChannel_IsThatOfItsOwnMembers()
    {
        var of = Part("kShape.oppositeChannels");
        var members = Curves(of.GetProperty("members"));
        var shape = ShapeExtraction.Centre(members, members[0]);
        AssertNear(of.Numbers("wantedCentre"), ByPoint(shape), 1e-8);
        AssertNear(of.Numbers("wantedCorrelation"), shape.Select((channel, c) => channel.Select((value, t) =>
            value * members.Average(member => member[c][t])).Sum()).Select(product => (double)Math.Sign(product)), 1e-6);
    }

    [Fact]
    public void TwoZeroCurves_AreAtZero_AndOneAtOneFromAnyOther()
    {
        double[][] zero = [[0, 0, 0], [0, 0, 0]];
        Assert.Equal((0.0, 1.0), (ShapeExtraction.Distance(zero, zero), ShapeExtraction.Distance(zero, [[0, 1, 0], [0, 0, 0]])));
    }

    [Fact]
    public void CentreWithoutItems_TakesTheItemFarthestFromItsOwn()
    {
        var of = Part("emptyCluster");
        double[][] curves = Rows("x"), start = Rows("start");
        var result = TrajectoryClustering.Cluster(
            curves, new() { Normalization = TrajectoryNormalization.None }, initialCentres: start);
        Assert.Equal(of.Whole("wantedLabels"), result.Labels);
        Assert.Equal(of.GetProperty("wantedSumOfSquares").GetDouble(), Assert.Single(result.Counts).Cost, 1e-12);
        double[][] Rows(string name) => [.. of.GetProperty(name).EnumerateArray().Select(row => row.Numbers())];
    }

    private static ClusteringResult CheckShapes(JsonElement of, JsonElement wanted)
    {
        var options = new ClusteringOptions { Method = ClusteringMethod.KShape, CostTolerance = 1e-6 };
        var (curves, result) = Clustered(of, options);
        var named = Enumerable.Range(0, result.K).Select(k => wanted.Whole("labels")[result.Labels.ToList().IndexOf(k)]).ToArray();
        Assert.Equal(wanted.Whole("labels"), result.Labels.Select(label => named[label]));
        Assert.Equal(wanted.GetProperty("nIter").GetInt32(), result.Rounds);
        Assert.Equal(
            wanted.GetProperty("inertia").GetDouble(),
            Enumerable.Range(0, curves.Length).Average(i => result.DistanceToOwn(i) * result.DistanceToOwn(i)), 1e-9);
        AssertNear(wanted.Numbers("centres"), Centres(result, named), 1e-8);
        return result;
    }

    private static (double[][][] Curves, ClusteringResult Result) Clustered(JsonElement of, ClusteringOptions options)
    {
        var curves = CurvesOf(of);
        double[][][] start = [.. of.Whole("initItems").Select(i => curves[i])];
        return (curves, TrajectoryClustering.ClusterChannels(
            curves, options with { Normalization = TrajectoryNormalization.None }, initialCentres: start));
    }

    /// <summary>Centres in the numbers of the file.</summary>
    private static IEnumerable<double> Centres(ClusteringResult result, int[] named) =>
        Enumerable.Range(0, result.K).SelectMany(k => ByPoint(result.CentreOf(Array.IndexOf(named, k))));
}
