using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Tests.Core.Clustering;

/// <summary>Finite values of any size: as those of ordinary size, or refused with the curve and the remedy.</summary>
public sealed class ExtremeValuesTests
{
    private static readonly double[] Bent = [1, 2, 0, 0.5, -1, 3];

    /// <summary>Powers of two from about 1e-308 to 1e307, so that multiplying rounds nothing.</summary>
    public static TheoryData<int> Exponents => [-1021, -700, -540, -512, 509, 512, 700, 1020];

    [Theory, MemberData(nameof(Exponents))]
    public void Normalization_IsThatOfValuesOfOrdinarySize(int exponent)
    {
        foreach (var normalization in new[] { TrajectoryNormalization.Standardize, TrajectoryNormalization.MinMax })
        {
            var ordinary = TrajectoryPreparation.Normalize(Bent, normalization);
            AssertNear(ordinary, TrajectoryPreparation.Normalize(Times(Bent, exponent), normalization));
        }
    }

    [Fact]
    public void LeastAndLargestNumbers_AreStandardized()
    {
        AssertNear([-1, 1], TrajectoryPreparation.Normalize([-double.MaxValue, double.MaxValue], TrajectoryNormalization.Standardize));
        AssertNear([0, 1], TrajectoryPreparation.Normalize([-double.MaxValue, double.MaxValue], TrajectoryNormalization.MinMax));
        AssertNear([-1, 1], TrajectoryPreparation.Normalize([0, double.Epsilon], TrajectoryNormalization.Standardize));
    }

    [Theory, MemberData(nameof(Exponents))]
    public void Shape_IsThatOfMembersOfOrdinarySize(int exponent)
    {
        double[][] members = [Bent, [0, 1, 2, 0, 0.5, -1]];
        var ordinary = ShapeExtraction.Centre(members, Bent);
        AssertNear(ordinary, ShapeExtraction.Centre([.. members.Select(m => Times(m, exponent))], Times(Bent, exponent)));
    }

    [Fact]
    public void ShapeOfSmallMember_IsTheMemberStandardized()
    {
        double[] small = [1e-200, 2e-200, 0, 0];
        AssertNear(TrajectoryPreparation.Normalize([1, 2, 0, 0], TrajectoryNormalization.Standardize),
            ShapeExtraction.Centre([small], small));
    }

    [Theory]
    [InlineData(ClusteringMethod.EuclideanKMeans), InlineData(ClusteringMethod.DtwKMeans)]
    [InlineData(ClusteringMethod.KShape), InlineData(ClusteringMethod.Hierarchical)]
    public void LargeCurvesStandardized_AreClusteredByShape(ClusteringMethod method)
    {
        double[][] curves = [[0, 1e308, 1e308, 0], [0, 0.9e308, 1e308, 0], [1e308, 0, 0, -1e308], [1e308, 0, 0, -0.9e308]];
        Assert.Equal([0, 0, 1, 1], TrajectoryClustering.Cluster(curves, new() { Method = method, Clusters = 2 }).Labels);
    }

    [Theory]
    [InlineData(ClusteringMethod.EuclideanKMeans), InlineData(ClusteringMethod.DtwKMeans), InlineData(ClusteringMethod.Hierarchical)]
    public void ValuesWhoseSquaresAreNoNumbers_AreRefusedWithTheCurve(ClusteringMethod method)
    {
        string Message(params double[][] curves) => Assert.Throws<ArgumentException>(() => TrajectoryClustering.Cluster(
            curves, new() { Method = method, Normalization = TrajectoryNormalization.None })).Message;

        Assert.Contains("Curve 1 has the value 1E+200", Message([0, 1], [0, 1e200], [1, 0]));
        Assert.Contains("set Normalization to MinMax or Standardize", Message([0, 1], [0, 1e308], [1, 0]));
        Assert.Contains("Curve 2 has the largest value after preparation, 2E-200", Message([0, 1e-200], [0, 0], [2e-200, 0]));
    }

    [Fact]
    public void LargeCentreWithoutNormalization_IsRefused() =>
        Assert.Contains("Initial centre 1 has the value 1E+200", Assert.Throws<ArgumentException>(() => TrajectoryClustering.Cluster(
            [[0, 1], [1, 0]], new() { Normalization = TrajectoryNormalization.None }, initialCentres: [[0, 1], [1e200, 0]])).Message);

    [Theory]
    [InlineData(1e308), InlineData(1e-308)]
    public void Weights_CountByTheirProportions(double size) =>
        AssertNear([0.25, 1.25], DynamicTimeWarping.Barycentre(
            [[0, 1], [0.5, 1.5]], [0, 1], window: 0, weights: [size, size]));

    [Theory, MemberData(nameof(Exponents))]
    public void Barycentre_IsThatOfMembersOfOrdinarySize(int exponent)
    {
        double[][] members = [Bent, [0, 1, 2, 0, 0.5, -1]];
        var ordinary = DynamicTimeWarping.Barycentre(members, Bent);
        Assert.NotEqual(Bent, ordinary);
        AssertNear(ordinary, Times(DynamicTimeWarping.Barycentre(
            [.. members.Select(m => Times(m, exponent))], Times(Bent, exponent)), -exponent));
    }

    private static double[] Times(double[] values, int exponent) => [.. values.Select(value => Math.ScaleB(value, exponent))];

    private static void AssertNear(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 1e-12);
    }
}
