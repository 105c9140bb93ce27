using MathNet.Numerics.Distributions;
using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Tests.Core.Estimation;

public sealed class ConvergenceDiagnosticsTests
{
    [Fact]
    public void TwoChainsByHand_RHatOfTheChainsThemselves()
    {
        // W = (5/3 + 5/3)/2 = 5/3; means 2.5 and 4.5, variance 2; R-hat^2 = (3/4 W + 2)/W = 3/4 + 6/5.
        Assert.Equal(Math.Sqrt(1.95), ConvergenceDiagnostics.SplitRHat([[1, 2, 3, 4], [3, 4, 5, 6]]), 1e-12);
    }

    [Fact]
    public void RankNormalisation_TiesShareTheirMeanRank()
    {
        // Ranks 1, 2.5, 2.5, 4 of S = 4: (r - 0.375) / 4.25.
        var scores = ConvergenceDiagnostics.RankNormalised([[5, 7], [7, 9]]);

        Assert.Equal(Normal.InvCDF(0, 1, 0.625 / 4.25), scores[0][0], 1e-12);
        Assert.Equal(0, scores[0][1], 1e-12);
        Assert.Equal(scores[0][1], scores[1][0]);
        Assert.Equal(-scores[0][0], scores[1][1], 1e-12);
    }

    [Theory]
    [InlineData(1, 60, 0.0)]
    [InlineData(3, 41, 0.7)]
    [InlineData(4, 200, 0.9)]
    [InlineData(2, 30, -0.8)]
    [InlineData(4, 12, 0.5)]
    public void RandomChains_EssAgreesWithAPlainTranscriptionOfThePaper(int chains, int draws, double rho)
    {
        var simulation = new SimulatedChains(7);
        for (var i = 0; i < 20; i++)
        {
            var sampled = Enumerable.Range(0, chains).Select(_ => simulation.Ar1(draws, rho, 1)).ToArray();

            Assert.Equal(PlainEss(sampled), ConvergenceDiagnostics.BulkEss(sampled), 1e-8);
        }
    }

    [Fact]
    public void LongAr1Chains_EssApproachesItsLimit()
    {
        var simulation = new SimulatedChains(8);
        var chains = Enumerable.Range(0, 4).Select(_ => simulation.Ar1(5000, 0.8, 1)).ToArray();

        // n (1 - rho) / (1 + rho).
        Assert.Equal(20_000 * 0.2 / 1.8, ConvergenceDiagnostics.BulkEss(chains), 300.0);
        Assert.InRange(ConvergenceDiagnostics.RHat(chains), 0.999, 1.01);
    }

    [Fact]
    public void ChainsOfDifferentMean_RHatIsLarge()
    {
        var simulation = new SimulatedChains(9);
        double[][] chains = [simulation.Ar1(100, 0, 1), [.. simulation.Ar1(100, 0, 1).Select(x => x + 2)]];

        Assert.True(ConvergenceDiagnostics.RHat(chains) > 1.3);
    }

    [Fact]
    public void ChainsOfDifferentScaleAlone_FoldingSeesIt()
    {
        var simulation = new SimulatedChains(10);
        double[][] chains = [simulation.Ar1(400, 0, 1), simulation.Ar1(400, 0, 6)];

        Assert.True(ConvergenceDiagnostics.RHat(chains) > 1.2);
    }

    [Fact]
    public void MonotoneTransformation_LeavesEssUnchanged()
    {
        var simulation = new SimulatedChains(12);
        var chains = Enumerable.Range(0, 3).Select(_ => simulation.Ar1(90, 0.6, 1)).ToArray();
        var heavy = chains.Select(chain => chain.Select(x => Math.Exp(3 * x)).ToArray()).ToArray();

        Assert.Equal(ConvergenceDiagnostics.BulkEss(chains), ConvergenceDiagnostics.BulkEss(heavy), 1e-9);
    }

    [Fact]
    public void ConstantOrUnusableChains_AreNaN()
    {
        double[] flat = [.. Enumerable.Repeat(1.0, 20)];
        double[] broken = [.. flat[..19], double.NaN];

        Assert.Equal(double.NaN, ConvergenceDiagnostics.RHat([flat, flat]));
        Assert.Equal(double.NaN, ConvergenceDiagnostics.BulkEss([flat, flat]));
        Assert.Equal(double.NaN, ConvergenceDiagnostics.RHat([flat, broken]));
        Assert.Equal(double.NaN, ConvergenceDiagnostics.RHat([[1, 2, 3], [3, 2, 1]]));
        Assert.Equal(double.NaN, ConvergenceDiagnostics.BulkEss([[1, 2, 3, 4, 5, 6, 7, 8, 9]]));
        Assert.Equal(double.NaN, ConvergenceDiagnostics.Geweke(flat));
        Assert.Equal(double.NaN, ConvergenceDiagnostics.RHat([]));
    }

    [Fact]
    public void SettledChains_GewekeIsAboutStandardNormal()
    {
        var simulation = new SimulatedChains(13);
        var scores = Enumerable.Range(0, 800)
            .Select(_ => ConvergenceDiagnostics.Geweke(simulation.Ar1(400, 0.5, 1)))
            .ToArray();

        Assert.Equal(0, scores.Average(), 0.15);
        Assert.InRange(Math.Sqrt(scores.Average(z => z * z)), 0.8, 1.25);
    }

    [Fact]
    public void ChainThatStartsFarOff_GewekeIsLarge()
    {
        var chain = new SimulatedChains(14).Ar1(400, 0.5, 1);
        for (var t = 0; t < 40; t++) chain[t] -= 5;

        Assert.True(ConvergenceDiagnostics.Geweke(chain) < -5);
    }

    /// <summary>Every autocorrelation computed and stored first, then cut and made monotone, as the
    /// paper tells it.</summary>
    private static double PlainEss(double[][] chains)
    {
        var half = chains[0].Length / 2;
        var split = chains
            .SelectMany(c => new[] { c.Take(half).ToArray(), c.Skip(c.Length - half).ToArray() })
            .ToList();
        var all = split.SelectMany(c => c).ToList();
        var z = split.Select(c => c.Select(x => Normal.InvCDF(0, 1,
            (all.Count(y => y < x) + (all.Count(y => y == x) + 1) / 2.0 - 0.375) / (all.Count + 0.25))).ToArray()).ToList();
        var means = z.Select(c => c.Average()).ToList();
        var autocovariance = Enumerable.Range(0, half).Select(lag => z.Select((c, i) =>
            Enumerable.Range(0, half - lag).Sum(t => (c[t] - means[i]) * (c[t + lag] - means[i])) / half).Average()).ToList();
        var within = autocovariance[0] * half / (half - 1);
        var grand = means.Average();
        var plus = within * (half - 1) / half + means.Sum(m => (m - grand) * (m - grand)) / (means.Count - 1);
        var rho = autocovariance.Select((a, lag) => lag == 0 ? 1 : 1 - (within - a) / plus).ToList();
        var pairs = new List<double>();
        var k = 0;
        while (2 * k + 1 < half - 3 && rho[2 * k] + rho[2 * k + 1] > 0)
            pairs.Add(rho[2 * k] + rho[2 * k++ + 1]);
        for (var i = 1; i < pairs.Count; i++) pairs[i] = Math.Min(pairs[i], pairs[i - 1]);
        var tau = -1 + 2 * pairs.Sum() + Math.Max(0, rho[2 * k]);
        return all.Count / Math.Max(tau, 1 / Math.Log10(all.Count));
    }
}
