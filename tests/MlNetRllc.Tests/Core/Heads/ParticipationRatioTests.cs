using MlNetRllc.Core.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Core.Heads;

public sealed class ParticipationRatioTests
{
    [Fact]
    public void PointsOnALine_TakeOneDirection() =>
        Assert.Equal(1, ParticipationRatio.OfPoints([[5, 1, 2], [6, 3, 2], [8, 7, 2], [4, -1, 2]]), 10);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public void PointsAlikeInAllDirections_TakeThemAll(int dimensions)
    {
        var corners = Enumerable.Range(0, 2 * dimensions).Select(i =>
        {
            var point = new double[dimensions];
            point[i / 2] = i % 2 == 0 ? 3 : -3;
            return point;
        });
        Assert.Equal(dimensions, ParticipationRatio.OfPoints([.. corners]), 10);
    }

    /// <summary>Variances 4 and 1: 25/17.</summary>
    [Fact]
    public void TwoVariances_GiveTheirRatio() =>
        Assert.Equal(25.0 / 17, ParticipationRatio.OfPoints([[2, 0], [-2, 0], [0, 1], [0, -1]]), 10);

    [Fact]
    public void PointsThatDoNotVary_HaveNone()
    {
        Assert.True(double.IsNaN(ParticipationRatio.OfPoints([[1, 2], [1, 2], [1, 2]])));
        Assert.True(double.IsNaN(ParticipationRatio.OfPoints([[1, 2]])));
    }

    [Fact]
    public void RowsOfDifferentLengths_AreRefused() => Assert.Throws<ArgumentException>(() => ParticipationRatio.OfPoints([[1, 2], [1]]));

    /// <summary>The short way by d_head x d_head matrices against the output's own points; the last position counts nowhere.</summary>
    [Fact]
    public void Output_IsThatOfItsPoints()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var (z, output) = (randn([2, 5, 3], generator: generator), randn([3, 7], generator: generator));
        var points = z.narrow(1, 0, 4).reshape(-1, 3).mm(output).to(ScalarType.Float64); // [batch * (pos - 1), d_model]
        var expected = ParticipationRatio.OfPoints([.. points.data<double>().ToArray().Chunk(7)]);
        Assert.Equal(expected, ParticipationRatio.OfOutput(z, output), 5);
        z.narrow(1, 4, 1).fill_(1000);
        Assert.Equal(expected, ParticipationRatio.OfOutput(z, output), 5);
    }
}
