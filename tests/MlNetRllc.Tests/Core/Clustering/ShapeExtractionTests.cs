using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Tests.Core.Clustering;

public sealed class ShapeExtractionTests
{
    [Theory]
    [InlineData(new double[] { 1, 2, 0, 0 }, new double[] { 0, 1, 2, 0 }, 0)]
    [InlineData(new double[] { 1, 2, 0, 0 }, new double[] { 0, 0, 3, 6 }, 0)]
    [InlineData(new double[] { 1, 0 }, new double[] { 0, -1 }, 1)]
    [InlineData(new double[] { 1, -1 }, new double[] { -1, 1 }, 0.5)]
    [InlineData(new double[] { 0, 0 }, new double[] { 0, 0 }, 0)]
    [InlineData(new double[] { 0, 0 }, new double[] { 1, 0 }, 1)]
    [InlineData(new double[] { 1e-7, 2e-7, 0, 0 }, new double[] { 0, 1e-7, 2e-7, 0 }, 0)]
    public void SmallCurvesByHand_Distance(double[] x, double[] y, double expected) =>
        Assert.Equal(expected, ShapeExtraction.Distance(x, y), 1e-12);

    [Fact]
    public void OneMember_CentreIsItsStandardisedShape()
    {
        double[] member = [0, 1, 4, 2, 0];
        var expected = TrajectoryPreparation.Normalize(member, TrajectoryNormalization.Standardize);

        Assert.Equal(
            expected,
            ShapeExtraction.Centre([member], new double[5]).Select(x => Math.Round(x, 12)),
            Near);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    public void ManyMembers_CentreHasTheLargestSquaredCorrelation(int count)
    {
        // From a zero centre nothing is aligned, so the centre must beat each member and their mean
        // at the sum of squared products.
        var random = new SplitMix(5, count);
        var members = Enumerable.Range(0, count).Select(_ => TrajectoryPreparation.Normalize(
            Enumerable.Range(0, 6).Select(t => t + 4 * random.Unit()).ToArray(), TrajectoryNormalization.Standardize)).ToArray();
        double Squares(double[] x) => members.Sum(member => Math.Pow(member.Zip(x, (a, b) => a * b).Sum(), 2)) / x.Sum(v => v * v);
        var centre = ShapeExtraction.Centre(members, new double[6]);

        Assert.All(members, member => Assert.True(Squares(centre) >= Squares(member) - 1e-9));
        Assert.True(Squares(centre) >= Squares(new EuclideanGeometry().Centre(members, members[0])) - 1e-9);
        Assert.True(members.Sum(member => member.Zip(centre, (a, b) => a * b).Sum()) > 0);
    }

    [Fact]
    public void SizeOfTheCurves_ChangesNoShift()
    {
        double[] at = [0, 1, 2, 0, 0], later = [0, 0, 1, 2, 0];
        double[] Scaled(double[] x, double size) => [.. x.Select(v => size * v)];

        Assert.All(new[] { 1e-9, 1e-4, 1, 1e6, 1e12 }, size => Assert.Equal(
            ShapeExtraction.Centre([later], at),
            ShapeExtraction.Centre([Scaled(later, size)], Scaled(at, size)).Select(x => Math.Round(x, 12)), Near));
    }

    [Fact]
    public void FlatMembers_CentreIsZero() =>
        Assert.Equal(new double[3], ShapeExtraction.Centre([new double[3]], [1, 2, 3]));

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-9;
}
