using CsCheck;
using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Tests.Core.Clustering;

public sealed class DynamicTimeWarpingTests
{
    private static readonly Gen<double[]> Curve = Gen.Double[-3, 3].Array[1, 6];

    [Theory]
    [InlineData(new double[] { 0, 1, 2 }, new double[] { 0, 2 }, 1)]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 1, 2, 2, 3 }, 0)]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 1, 2, 2, 3, 4 }, 1)]
    [InlineData(new double[] { 0, 0 }, new double[] { 1, 1 }, 1.4142135623730951)]
    [InlineData(new double[] { 5 }, new double[] { 1, 2, 3 }, 5.385164807134504)]
    public void SmallCurvesByHand_Distance(double[] x, double[] y, double expected) =>
        Assert.Equal(expected, DynamicTimeWarping.Distance(x, y), 1e-12);

    [Fact]
    public void EquallyGoodSteps_DiagonalCounts() =>
        Assert.Equal([(0, 0), (1, 0), (2, 1)], DynamicTimeWarping.Path([0, 1, 2], [0, 2]));

    [Fact]
    public void AnyCurves_DistanceIsTheLeastOverAllPaths() =>
        Gen.Select(Curve, Curve).ForAll((x, y) =>
            Math.Abs(DynamicTimeWarping.Distance(x, y) - Math.Sqrt(Least(x, y, 0, 0))) < 1e-9);

    [Fact]
    public void AnyCurves_PathHasTheDistanceAndItsLegalSteps() =>
        Gen.Select(Curve, Curve, Gen.Double[0, 1]).ForAll((x, y, window) =>
        {
            var path = DynamicTimeWarping.Path(x, y, window);
            var cost = path.Sum(p => (x[p.X] - y[p.Y]) * (x[p.X] - y[p.Y]));
            Assert.Equal(DynamicTimeWarping.Distance(x, y, window), Math.Sqrt(cost), 1e-9);
            Assert.Equal((0, 0), path[0]);
            Assert.Equal((x.Length - 1, y.Length - 1), path[^1]);
            Assert.All(path.Zip(path.Skip(1)), step =>
                Assert.Contains((step.Second.X - step.First.X, step.Second.Y - step.First.Y), new[] { (1, 1), (1, 0), (0, 1) }));
        });

    [Fact]
    public void NoWindow_DistanceIsEuclidean() =>
        Assert.Equal(Math.Sqrt(1 + 4 + 9), DynamicTimeWarping.Distance([1, 0, 3], [0, 2, 0], window: 0), 1e-12);

    [Theory]
    [InlineData(100, 0.07, 40, 48, 1.4142135623730951)]
    [InlineData(100, 0.07, 40, 47, 0)]
    [InlineData(25, 0.28, 10, 18, 1.4142135623730951)]
    [InlineData(25, 0.281, 10, 18, 0)]
    [InlineData(100, 0.065, 40, 47, 0)]
    public void ShareOfTheLength_IsRoundedUpButNotByRounding(int length, double window, int first, int second, double expected)
    {
        double[] Pulse(int at) => [.. Enumerable.Range(0, length).Select(t => t == at ? 1.0 : 0)];
        Assert.Equal(expected, DynamicTimeWarping.Distance(Pulse(first), Pulse(second), window));
    }

    [Fact]
    public void EmptyCurve_IsInfinitelyFar() =>
        Assert.Equal(double.PositiveInfinity, DynamicTimeWarping.Distance([], [1]));

    [Fact]
    public void BarycentreOfOneMember_IsThatMember() =>
        Assert.Equal([0.0, 4, 1], DynamicTimeWarping.Barycentre([[0, 4, 1]], [0, 3, 1]));

    [Fact]
    public void BarycentreByHand_PointsAreMeansOfWhatThePathsMatch()
    {
        // Both paths are diagonal from the start [0, 5, 0]: (0+0)/2, (4+8)/2, (0+2)/2.
        var barycentre = DynamicTimeWarping.Barycentre([[0, 4, 0], [0, 8, 2]], [0, 5, 0], maxIterations: 1);

        Assert.Equal([0.0, 6, 1], barycentre);
    }

    [Fact]
    public void BarycentreOfWeightedMembers_IsTheirWeightedMean() =>
        Assert.Equal([0.0, 7, 1.5], DynamicTimeWarping.Barycentre(
            [[0, 4, 0], [0, 8, 2]], [0, 5, 0], maxIterations: 1, weights: [1, 3]));

    [Fact]
    public void InputsThatDoNotFit_AreRefusedWithThePlace()
    {
        static string Message(Action call) => Assert.ThrowsAny<ArgumentException>(call).Message;
        double[][] members = [[0, 4], [0, 8]];

        Assert.Contains("weights sum to 0", Message(() => DynamicTimeWarping.Barycentre(members, members[0], weights: [0, 0])));
        Assert.Contains("Weight 1 is -1", Message(() => DynamicTimeWarping.Barycentre(members, members[0], weights: [1, -1])));
        Assert.Contains("1 weights for 2", Message(() => DynamicTimeWarping.Barycentre(members, members[0], weights: [1])));
        Assert.Contains("no member", Message(() => DynamicTimeWarping.Barycentre(Array.Empty<double[]>(), members[0])));
        Assert.Contains("Member 1 has no point", Message(() => DynamicTimeWarping.Barycentre([[1, 2], []], members[0])));
        Assert.Contains("Point 1 of y is NaN", Message(() => DynamicTimeWarping.Distance([1, 2], [1, double.NaN])));
        Assert.Contains("Channel 1 of x has 1 points", Message(() => DynamicTimeWarping.Distance([[1, 2], [1]], [[1], [2]])));
        Assert.Contains("x has 2 channels and y has 1", Message(() => DynamicTimeWarping.Distance([[1], [1]], [[1.0, 2]])));
        Assert.Contains("share is 1.5", Message(() => DynamicTimeWarping.Distance([1], [1], window: 1.5)));
    }

    [Fact]
    public void AnyMembers_BarycentreIsNoFartherThanTheStart() =>
        Gen.Double[-3, 3].Array[5].Array[1, 4].ForAll(members =>
        {
            double Cost(double[] centre) => members.Sum(member => Math.Pow(DynamicTimeWarping.Distance(centre, member), 2));
            return Cost(DynamicTimeWarping.Barycentre(members, members[0])) <= Cost(members[0]) + 1e-9;
        });

    private static double Least(double[] x, double[] y, int i, int j)
    {
        var here = (x[i] - y[j]) * (x[i] - y[j]);
        if (i == x.Length - 1 && j == y.Length - 1) return here;
        var rest = double.PositiveInfinity;
        if (i + 1 < x.Length) rest = Math.Min(rest, Least(x, y, i + 1, j));
        if (j + 1 < y.Length) rest = Math.Min(rest, Least(x, y, i, j + 1));
        if (i + 1 < x.Length && j + 1 < y.Length) rest = Math.Min(rest, Least(x, y, i + 1, j + 1));
        return here + rest;
    }
}
