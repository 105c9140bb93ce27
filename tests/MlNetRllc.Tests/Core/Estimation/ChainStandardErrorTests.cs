using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Tests.Core.Estimation;

public sealed class ChainStandardErrorTests
{
    [Theory]
    [InlineData(4, 200, 0.9, 0.0, 0.0)]
    [InlineData(4, 200, 0.9, 0.0, 0.5)]
    [InlineData(4, 200, 0.9, 0.0, 0.95)]
    [InlineData(4, 200, 0.9, 0.9, 0.5)]
    [InlineData(4, 200, 0.9, 0.9, 0.95)]
    [InlineData(4, 50, 0.5, 0.5, 0.0)]
    [InlineData(4, 50, 0.5, 0.5, 0.5)]
    [InlineData(4, 50, 0.8, 0.0, 0.95)]
    [InlineData(2, 60, 0.8, 0.0, 0.0)]
    [InlineData(2, 60, 0.8, 0.0, 0.5)]
    [InlineData(2, 60, 0.5, 0.5, 0.95)]
    [InlineData(4, 20, 0.5, 0.0, 0.0)]
    [InlineData(4, 20, 0.5, 0.5, 0.5)]
    [InlineData(8, 100, 0.8, 0.5, 0.5)]
    [InlineData(1, 200, 0.9, 0.0, 0.0)]
    public void ManyRepeats_SpreadAgreesWithReportedError(int chains, int draws, double rhoOwn, double rhoShared, double share)
    {
        const int repeats = 1200;
        var simulation = new SimulatedChains(seed: 11);
        double sum = 0, squares = 0, reported = 0;
        for (var i = 0; i < repeats; i++)
        {
            var differences = simulation.Differences(chains, draws, rhoOwn, rhoShared, share, transient: 4);
            var mean = differences.Average();
            sum += mean;
            squares += mean * mean;
            reported += Math.Pow(ChainStandardError.Of(differences, chains, draws), 2);
        }
        var spread = Math.Sqrt((squares - sum * sum / repeats) / (repeats - 1));
        Assert.InRange(spread / Math.Sqrt(reported / repeats), 0.8, 1.25);
    }

    [Fact]
    public void WhiteIndependentDraws_ErrorIsDeviationOverRootOfDraws()
    {
        var differences = new SimulatedChains(3).Differences(8, 4000, 0, 0, 0);

        Assert.Equal(1 / Math.Sqrt(8 * 4000), ChainStandardError.Of(differences, 8, 4000), 0.1 / Math.Sqrt(8 * 4000));
    }

    [Fact]
    public void IdenticalChains_ErrorIsThatOfOneChain()
    {
        var chain = new SimulatedChains(4).Ar1(300, 0.6, 1);

        Assert.Equal(ChainStandardError.Of(chain, 1, 300), ChainStandardError.Of([.. chain, .. chain, .. chain], 3, 300), 1e-9);
    }

    [Fact]
    public void AddingAConstantAndScaling_ScalesTheError()
    {
        var differences = new SimulatedChains(5).Differences(3, 80, 0.7, 0.2, 0.5);
        var changed = differences.Select(d => 100 - 3 * d).ToArray();

        Assert.Equal(3 * ChainStandardError.Of(differences, 3, 80), ChainStandardError.Of(changed, 3, 80), 1e-9);
    }

    [Fact]
    public void OrderOfChains_DoesNotMatter()
    {
        var differences = new SimulatedChains(6).Differences(2, 40, 0.7, 0.2, 0.5);

        Assert.Equal(ChainStandardError.Of(differences, 2, 40), ChainStandardError.Of([.. differences[40..], .. differences[..40]], 2, 40), 1e-12);
    }

    [Fact]
    public void ThreeDraws_ErrorIsSpreadOfChainMeans()
    {
        // Means 1, 3 and 8: variance 13, over three chains.
        Assert.Equal(Math.Sqrt(13.0 / 3), ChainStandardError.Of([0, 1, 2, 1, 5, 3, 8, 8, 8], 3, 3), 1e-12);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 1)]
    [InlineData(0, 0)]
    public void TooFewDraws_ErrorIsNaN(int chains, int draws) =>
        Assert.Equal(double.NaN, ChainStandardError.Of(new double[chains * draws], chains, draws));

    [Fact]
    public void WrongLength_IsRefused() =>
        Assert.Contains("7 differences", Assert.Throws<ArgumentException>(() => ChainStandardError.Of(new double[7], 2, 4)).Message);

    [Fact]
    public void ConstantDraws_ErrorIsZero() => Assert.Equal(0, ChainStandardError.Of([.. Enumerable.Repeat(2.5, 60)], 3, 20), 1e-12);
}
