using System.Globalization;
using System.Text.Json;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Tests.Core.Sampling;
using static MlNetRllc.Tests.Core.Clustering.TslearnData;

namespace MlNetRllc.Tests.Core.Clustering;

/// <summary>Distances, centres and indices agree with those of tslearn, scikit-learn and scipy, and
/// with their definitions where these depart from them.</summary>
public sealed class TslearnMeasureTests
{
    public static TheoryData<int> Scalers => [.. Enumerable.Range(0, 16)];

    [Theory, MemberData(nameof(Scalers))]
    public void Normalisation_IsThatOfTheScaler(int number)
    {
        var scaler = CasesOf("scalers")[number];
        var curves = Curves(Part($"data.{scaler.GetProperty("data").GetString()}.x")).Take(5).ToArray();
        var options = new ClusteringOptions
        {
            Normalization = scaler.GetProperty("scaler").GetString() == "MinMax"
                ? TrajectoryNormalization.MinMax : TrajectoryNormalization.Standardize,
            NormalizationScope = (scaler.GetProperty("perCurve").GetBoolean(), scaler.GetProperty("perChannel").GetBoolean()) switch
            {
                (true, true) => NormalizationScope.ChannelOfCurve,
                (true, false) => NormalizationScope.Curve,
                (false, true) => NormalizationScope.Channel,
                _ => NormalizationScope.Everything,
            },
        };
        var result = TrajectoryClustering.ClusterChannels(curves, options);
        AssertNear(scaler.Numbers("expected"), Enumerable.Range(0, 5).SelectMany(i => ByPoint(result.PreparedOf(i))), 1e-12);
    }

    public static TheoryData<int> Warpings => [0, 1, 2, 4, 5, 6, 8, 9];

    [Theory, MemberData(nameof(Warpings))]
    public void DynamicTimeWarping_OfAllPairs(int number)
    {
        var of = CasesOf("distances.dtw")[number];
        var found = Pairs(CurvesOf(of), (x, y) => DynamicTimeWarping.Distance(x, y, BandOf(of)));
        AssertNear(of.Numbers("distances"), found.Cast<double>(), 1e-12);
    }

    [Fact]
    public void Paths_AreThoseOfThePeer() => Assert.All(CasesOf("distances.paths"), of =>
    {
        var curves = CurvesOf(of);
        var (x, y) = (curves[of.GetProperty("x").GetInt32()], curves[of.GetProperty("y").GetInt32()]);
        var expected = of.GetProperty("path").EnumerateArray().Select(p => (p[0].GetInt32(), p[1].GetInt32()));
        Assert.Equal(expected, DynamicTimeWarping.Path(x, y, BandOf(of)));
    });

    [Fact]
    public void UnequalLengths_KeepTheBandOnBothSides() => Assert.All(CasesOf("distances.unequalLengths"), of =>
        Assert.Equal(
            of.GetProperty("distanceInTheBand|i-j|<=max(r,difference)").GetDouble(),
            DynamicTimeWarping.Distance(Curve(of.GetProperty("x")), Curve(of.GetProperty("y")), BandOf(of)), 1e-12));

    [Fact]
    public void CrossCorrelation_AtEveryShiftAndAtTheBest() => Assert.All(CasesOf("crossCorrelation.sequences"), of =>
    {
        var curves = CurvesOf(of);
        double[][] x = curves[of.GetProperty("x").GetInt32()], y = curves[of.GetProperty("y").GetInt32()];
        double[] flatX = [.. x.SelectMany(c => c)], flatY = [.. y.SelectMany(c => c)];
        var products = new double[2 * x[0].Length - 1];
        CrossCorrelation.Fill(flatX, flatY, x.Length, products);
        var size = CrossCorrelation.Norm(flatX) * CrossCorrelation.Norm(flatY);
        AssertNear(of.Numbers("correlations"), products.Select(product => product / size), 1e-10);
        Assert.Equal(of.GetProperty("bestShift").GetInt32(), CrossCorrelation.BestShift(flatX, flatY, x.Length).Shift);
        Assert.Equal(1 - of.GetProperty("best").GetDouble(), ShapeExtraction.Distance(x, y), 1e-10);
    });

    [Fact]
    public void ShapeDistance_OfAllPairs() => Assert.All(CasesOf("crossCorrelation.matrices"), of =>
    {
        var items = of.GetProperty("largestCorrelation").GetArrayLength();
        var found = Pairs([.. CurvesOf(of).Take(items)], (x, y) => ShapeExtraction.Distance(x, y)).Cast<double>();
        AssertNear([.. of.Numbers("largestCorrelation").Select(c => 1 - c)], found, 1e-10);
    });

    public static TheoryData<int> Barycentres => [.. Enumerable.Range(0, 6)];

    [Theory, MemberData(nameof(Barycentres))]
    public void Barycentre_AfterRounds(int number)
    {
        var of = CasesOf("barycentres")[number];
        var curves = CurvesOf(of);
        double[][][] members = [.. of.Whole("items").Select(i => curves[i])];
        var start = of.GetProperty("start").GetString() == "mean"
            ? [.. Enumerable.Range(0, members[0].Length).Select(c =>
                Enumerable.Range(0, members[0][c].Length).Select(t => members.Average(member => member[c][t])).ToArray())]
            : curves[int.Parse(of.GetProperty("start").GetString()![5..], CultureInfo.InvariantCulture)];
        var weights = of.GetProperty("weights") is { ValueKind: JsonValueKind.Array } given ? given.Numbers() : null;
        Assert.All(of.GetProperty("afterRounds").EnumerateArray(), after =>
        {
            var found = DynamicTimeWarping.Barycentre(members, start, BandOf(of), after.GetProperty("maxIter").GetInt32(), weights);
            AssertNear(after.Numbers("barycentre"), ByPoint(found), 1e-10);
        });
    }

    [Fact]
    public void Silhouettes_InEveryDistance() => Assert.All(CasesOf("silhouettes"), of =>
    {
        var (curves, labels) = (CurvesOf(of), of.Whole("labels"));
        void Check(string name, Func<double[][], double[][], double> distance)
        {
            var found = Silhouettes.Compute(Pairs(curves, distance), labels);
            AssertNear(of.GetProperty(name).Numbers("items"), found, 1e-10);
            Assert.Equal(of.GetProperty(name).GetProperty("mean").GetDouble(), found.Average(), 1e-10);
        }
        Check("euclidean", Euclidean);
        Check("dtw", (x, y) => DynamicTimeWarping.Distance(x, y));
        if (of.TryGetProperty("shape", out _)) Check("shape", ShapeExtraction.Distance);
    });

    public static TheoryData<int> Trees => [.. Enumerable.Range(0, 24)];

    [Theory, MemberData(nameof(Trees))]
    public void Joins_HaveTheGroupsAndHeightsOfTheTree(int number)
    {
        var of = CasesOf("hierarchical")[number];
        var distances = Pairs(CurvesOf(of), of.GetProperty("distance").GetString() == "dtw"
            ? (x, y) => DynamicTimeWarping.Distance(x, y) : Euclidean);
        var linkage = Enum.Parse<Linkage>(of.GetProperty("linkage").GetString()!, ignoreCase: true);
        var merges = HierarchicalClustering.Merges(distances, linkage);
        AssertNear(of.Numbers("tree"), merges.SelectMany(m => new[] { m.First, m.Second, m.Height, m.Size }), 1e-10);
        Assert.All(of.GetProperty("labels").EnumerateObject(), cut => Assert.Equal(
            cut.Value.Numbers().Select(label => (int)label),
            HierarchicalClustering.Cut(distances, int.Parse(cut.Name, CultureInfo.InvariantCulture), linkage)));
    }

    [Fact]
    public void Agreement_OfTwoLabellings() => Assert.All(CasesOf("agreement"), of =>
    {
        int[] first = of.Whole("first"), second = of.Whole("second");
        Assert.Equal(of.GetProperty("adjustedRand").GetDouble(), ClusterAgreement.AdjustedRandIndex(first, second), 1e-12);
        Assert.Equal(
            of.GetProperty("normalizedMutualInformation").GetDouble(),
            ClusterAgreement.NormalizedMutualInformation(first, second), 1e-12);
        Assert.Equal(
            of.GetProperty("adjustedMutualInformation").GetDouble(),
            ClusterAgreement.AdjustedMutualInformation(first, second), 1e-12);
    });
}
