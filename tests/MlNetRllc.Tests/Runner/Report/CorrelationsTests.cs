using MlNetRllc.Runner.Report.Figures;

namespace MlNetRllc.Tests.Runner.Report;

public sealed class CorrelationsTests
{
    [Fact]
    public void PointsOnALine_CorrelateFullyAndGiveTheLine()
    {
        var found = Correlations.Between(Enumerable.Range(0, 9).Select(i => ((double)i, 3 + 2.0 * i)))!;
        Assert.Equal((9, 1, 1), (found.Count, Math.Round(found.Pearson.Value, 9), Math.Round(found.Spearman.Value, 9)));
        Assert.Equal(3, found.Intercept, 9);
        Assert.Equal(2, found.Slope.Value, 9);
        Assert.Equal(0, found.Slope.StdErr, 9);
    }

    [Fact]
    public void Interval_IsFishersOfTheTransformedCorrelation()
    {
        // x and y take each pair of signs; 21 pairs agree and 7 differ: r = (21 - 7) / 28 = 0.5. Fisher's z: 0.5493 +- 1.96 / 5.
        var points = Enumerable.Range(0, 28).Select(i => (X: i % 2 == 0 ? 1.0 : -1, i))
            .Select(p => (p.X, p.i is < 7 ? -p.X : p.X)).ToList();
        points[6] = (1, -1);
        var found = Correlations.Between(points)!;
        Assert.Equal(0.5, found.Pearson.Value, 2);
        Assert.Equal(0.156, found.Pearson.Low, 2);
        Assert.Equal(0.736, found.Pearson.High, 2);
        Assert.True(found.Spearman.Low < found.Pearson.Low);
    }

    [Fact]
    public void SlopeError_IsThatOfLeastSquares()
    {
        // Residuals of (0,0), (1,2), (2,1), (3,3) about 0.3 + 0.8 x: squares sum to 1.8; error sqrt(1.8 / 2 / 5).
        var found = Correlations.Between([(0, 0), (1, 2), (2, 1), (3, 3)])!;
        Assert.Equal(0.8, found.Slope.Value, 9);
        Assert.Equal(Math.Sqrt(0.18), found.Slope.StdErr, 9);
    }

    [Fact]
    public void MissingValues_AreLeftOut_AndTooFewGiveNothing()
    {
        Assert.Equal(3, Correlations.Between([(0, 0), (1, 2), (double.NaN, 1), (3, double.NaN), (3, 3)])!.Count);
        Assert.Null(Correlations.Between([(0, 0), (1, 2), (double.NaN, 1)]));
        Assert.Null(Correlations.Between([(1, 0), (1, 2), (1, 5)]));
    }

    [Fact]
    public void ThreePoints_HaveNoInterval() => Assert.True(double.IsNaN(Correlations.Between([(0, 0), (1, 2), (2, 1)])!.Pearson.Low));
}
