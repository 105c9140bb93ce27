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
    public void ManyRepeats_SpreadAgreesWithReportedError(
        int chains,
        int draws,
        double rhoOwn,
        double rhoShared,
        double share)
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
            reported += Math.Pow(ChainStandardError.Estimate(differences, chains, draws), 2);
        }
        var spread = Math.Sqrt((squares - sum * sum / repeats) / (repeats - 1));
        Assert.InRange(spread / Math.Sqrt(reported / repeats), 0.8, 1.25);
    }

    [Theory]
    [InlineData(4, 200, 8)]
    [InlineData(4, 50, 8)]
    [InlineData(2, 60, 2)]
    public void SgldOfALinearRegressionFromItsMinimum_SpreadAgreesWithReportedError(
        int chains, int draws, int batch)
    {
        const int repeats = 500;
        var simulation = new SimulatedChains(seed: 23);
        double sum = 0, squares = 0, reported = 0;
        for (var i = 0; i < repeats; i++)
        {
            var differences = SgldDifferences(simulation, chains, draws, batch);
            sum += differences.Average();
            squares += Math.Pow(differences.Average(), 2);
            reported += Math.Pow(ChainStandardError.Estimate(differences, chains, draws), 2);
        }
        var spread = Math.Sqrt((squares - sum * sum / repeats) / (repeats - 1));
        Assert.InRange(spread / Math.Sqrt(reported / repeats), 0.8, 1.25);
    }

    [Fact]
    public void WhiteIndependentDraws_ErrorIsDeviationOverRootOfDraws()
    {
        var differences = new SimulatedChains(3).Differences(8, 4000, 0, 0, 0);

        Assert.Equal(
            1 / Math.Sqrt(8 * 4000),
            ChainStandardError.Estimate(differences, 8, 4000),
            0.1 / Math.Sqrt(8 * 4000));
    }

    [Fact]
    public void IdenticalChains_ErrorIsThatOfOneChain()
    {
        var chain = new SimulatedChains(4).Ar1(300, 0.6, 1);

        Assert.Equal(
            ChainStandardError.Estimate(chain, 1, 300),
            ChainStandardError.Estimate([.. chain, .. chain, .. chain], 3, 300),
            1e-9);
    }

    [Fact]
    public void AddingAConstantAndScaling_ScalesTheError()
    {
        var differences = new SimulatedChains(5).Differences(3, 80, 0.7, 0.2, 0.5);
        var changed = differences.Select(d => 100 - 3 * d).ToArray();

        Assert.Equal(
            3 * ChainStandardError.Estimate(differences, 3, 80),
            ChainStandardError.Estimate(changed, 3, 80),
            1e-9);
    }

    [Fact]
    public void OrderOfChains_DoesNotMatter()
    {
        var differences = new SimulatedChains(6).Differences(2, 40, 0.7, 0.2, 0.5);

        Assert.Equal(ChainStandardError.Estimate(differences, 2, 40),
            ChainStandardError.Estimate([.. differences[40..], .. differences[..40]], 2, 40), 1e-12);
    }

    [Fact]
    public void ThreeDraws_ErrorIsSpreadOfChainMeans()
    {
        // Means 1, 3 and 8: variance 13, over three chains.
        Assert.Equal(
            Math.Sqrt(13.0 / 3), ChainStandardError.Estimate([0, 1, 2, 1, 5, 3, 8, 8, 8], 3, 3), 1e-12);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 1)]
    [InlineData(0, 0)]
    public void TooFewDraws_ErrorIsNaN(int chains, int draws) =>
        Assert.Equal(double.NaN, ChainStandardError.Estimate(new double[chains * draws], chains, draws));

    [Fact]
    public void WrongLength_IsRefused() =>
        Assert.Contains(
            "7 differences",
            Assert.Throws<ArgumentException>(() => ChainStandardError.Estimate(new double[7], 2, 4)).Message);

    [Fact]
    public void ConstantDraws_ErrorIsZero() =>
        Assert.Equal(0, ChainStandardError.Estimate([.. Enumerable.Repeat(2.5, 60)], 3, 20), 1e-12);

    /// <summary>Chains that start at w* = 0 with no burn-in and meet the same minibatches: x ~ N(0,
    /// I), y = noise, loss (y - w x)^2 / 2.</summary>
    private static double[] SgldDifferences(SimulatedChains simulation, int chains, int draws, int batch)
    {
        const int dimension = 6;
        const double step = 1e-3, nbeta = 30, localization = 200;
        var weights = new double[chains, dimension];
        var differences = new double[chains * draws];
        var x = new double[batch, dimension];
        for (var t = 0; t < draws; t++)
        {
            var y = Enumerable.Range(0, batch).Select(_ => simulation.Normal()).ToArray();
            for (var b = 0; b < batch; b++)
                for (var d = 0; d < dimension; d++) x[b, d] = simulation.Normal();
            for (var c = 0; c < chains; c++)
            {
                var gradient = new double[dimension];
                for (var b = 0; b < batch; b++)
                {
                    var residual = y[b];
                    for (var d = 0; d < dimension; d++) residual -= weights[c, d] * x[b, d];
                    differences[c * draws + t] += (residual * residual - y[b] * y[b]) / (2 * batch);
                    for (var d = 0; d < dimension; d++) gradient[d] -= residual * x[b, d] / batch;
                }
                for (var d = 0; d < dimension; d++)
                    weights[c, d] += -step / 2 * (nbeta * gradient[d] + localization * weights[c, d])
                        + Math.Sqrt(step) * simulation.Normal();
            }
        }
        return differences;
    }
}
