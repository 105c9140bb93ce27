using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Tests.Core.Estimation;

public sealed class CorrelationTests
{
    [Fact]
    public void HandWorkedValues_ComeOut()
    {
        // Deviations -2 -1 0 1 2 and -1 -2 1 0 2: sum of products 8; both sums of squares 10.
        var found = Correlation.Between([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]);
        Assert.Equal(0.8, found.Pearson, 1e-12);
        Assert.Equal(0.8, found.Spearman, 1e-12);
        Assert.Equal(5, found.Count);
    }

    [Fact]
    public void RisingCurve_HasRankCorrelationOne_WhateverItsShape()
    {
        var found = Correlation.Between([0, 1, 2, 3], [1, 10, 100, 1000]);
        Assert.Equal(1, found.Spearman, 1e-12);
        Assert.InRange(found.Pearson, 0.7, 0.9);
    }

    [Fact]
    public void EqualValues_ShareTheirMeanRank()
    {
        // Ranks 1.5 1.5 3 and 1 2 3: 1.5 / sqrt(1.5 * 2).
        Assert.Equal(1.5 / Math.Sqrt(3), Correlation.Between([7, 7, 9], [1, 2, 3]).Spearman, 1e-12);
    }

    [Fact]
    public void ValuesThatAreMissing_AreLeftOut()
    {
        var whole = Correlation.Between([1, 2, 4], [3, 5, 4]);
        Assert.Equal(
            whole,
            Correlation.Between([1, double.NaN, 2, 3, 4], [3, 9, 5, double.PositiveInfinity, 4]));
    }

    [Theory]
    [InlineData(new[] { 1.0, 2.0 }, new[] { 3.0, 5.0 }, 2)]
    [InlineData(new[] { 1.0, 1.0, 1.0 }, new[] { 3.0, 5.0, 6.0 }, 3)]
    public void TooFewOrConstant_HasNone(double[] first, double[] second, int count)
    {
        var found = Correlation.Between(first, second);
        Assert.True(double.IsNaN(found.Pearson) && double.IsNaN(found.Spearman));
        Assert.Equal(count, found.Count);
    }

    [Fact]
    public void DifferentLengths_AreRefused() =>
        Assert.Throws<ArgumentException>(() => Correlation.Between([1], [1, 2]));
}
