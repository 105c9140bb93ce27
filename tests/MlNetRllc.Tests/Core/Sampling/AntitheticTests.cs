using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Dynamics;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Chains in pairs of opposite noise.</summary>
public sealed class AntitheticTests(ITestOutputHelper output)
{
    private static readonly SgldOptions Options = new() { Chains = 4, Draws = 60, BurnIn = 0, BatchSize = 4, Antithetic = true };

    [Theory, InlineData(SamplingMethod.Sgld), InlineData(SamplingMethod.RmsPropSgld), InlineData(SamplingMethod.Sgnht)]
    public void FirstOfAPair_IsTheOrdinaryChain_AndTheSecondHasMinusItsNoise(SamplingMethod method)
    {
        var options = Options with { Method = method };
        var (pairs, ordinary) = (Run(options), Run(options with { Antithetic = false }));
        foreach (var first in (int[])[0, 2])
        {
            Assert.Equal(ordinary.Chain(first), pairs.Chain(first));
            Assert.Equal(ByHand(options, first, sign: 1), pairs.Chain(first));
            Assert.Equal(ByHand(options, first, sign: -1), pairs.Chain(first + 1));
            Assert.NotEqual(ordinary.Chain(first + 1), pairs.Chain(first + 1));
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void QuadraticAtItsMinimum_WithoutMinibatches_HasNoOddPart(bool exactPull)
    {
        using var engine = NoisyQuadratic.Engine(rows: 1, slope: 0);
        var trace = new LockStepRun<double>(
            engine, [new("q")], new(NamedRandom.Stream(1), 1, 1), Options with { BatchSize = 1, ExactPull = exactPull }).Run()[0];
        foreach (var first in (int[])[0, 2])
        {
            var (plus, minus) = (trace.Chain(first), trace.Chain(first + 1));
            Assert.True(plus[1..].Min() > 1e-4);
            Assert.All(plus.Zip(minus), pair => Assert.Equal(pair.First, pair.Second, 1e-12 * Math.Max(pair.First, 1)));
        }
    }

    // At 100 draws the ratio is 0.77 to 0.86, at 400 draws 0.90 to 0.95: of few pairs and draws, errors come out too large.
    [Theory, InlineData(4, 1), InlineData(8, 0.2)]
    public void SpreadOverSeeds_IsTheReportedStandardError(int chains, double slope)
    {
        const int Seeds = 400; // The ratio of 400 draws is known to 3.5 %.
        var options = Options with { Chains = chains, Draws = 200, BurnIn = 20 };
        var estimates = Enumerable.Range(0, Seeds)
            .Select(seed => RllcEstimation.Estimate(Run(options with { Seed = seed }, slope), new())).ToList();
        var (mean, reported) = (estimates.Average(e => e.Rllc), Math.Sqrt(estimates.Average(e => e.RllcStdErr * e.RllcStdErr)));
        var spread = Math.Sqrt(estimates.Sum(e => Math.Pow(e.Rllc - mean, 2)) / (Seeds - 1));
        output.WriteLine($"{mean:f3}, spread {spread:f4}, reported {reported:f4}, ratio {spread / reported:f3}");
        Assert.InRange(spread / reported, 0.8, 1.25);
    }

    [Theory]
    [InlineData(1, "asks for 1 antithetic chain;")]
    [InlineData(2, "asks for 2 antithetic chains;")]
    [InlineData(7, "asks for 7 antithetic chains;")]
    public void ChainsThatMakeNoTwoPairs_AreRefused_AndTheRemedyIsNamed(int chains, string said)
    {
        var refused = Assert.Throws<ArgumentException>(() => (Options with { Chains = chains }).Validated());
        Assert.StartsWith($"SgldOptions {said}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("give an even number of chains, 4 or more, or leave antithetic out", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StepBias_IsTheClosedForm_AndNothingWithTheExactPull()
    {
        var options = new SgldOptions { StepSize = 1e-3, Localization = 200 };
        Assert.Equal(0.05 / 0.95, options.StepBias(), 1e-15);
        Assert.Equal(0.075 / 0.925, (options with { Localization = 300 }).StepBias(), 1e-15);
        Assert.Equal(0, (options with { ExactPull = true }).StepBias());
    }

    [Fact]
    public void StepBias_IsInfiniteWhereTheStepIsUnstable_AndMissingWhereItIsNotKnown()
    {
        var options = new SgldOptions { StepSize = 0.02, Localization = 200 };
        Assert.Equal(double.PositiveInfinity, options.StepBias());
        Assert.Equal(double.NaN, (options with { Localization = 0 }).StepBias());
        Assert.Equal(double.NaN, (options with { Method = SamplingMethod.Sgnht }).StepBias());
    }

    private static LossTrace Run(SgldOptions options, double slope = 1)
    {
        using var engine = NoisyQuadratic.Engine(slope: slope);
        return new LockStepRun<double>(engine, [new("q")], NoisyQuadratic.Schedule(options), options).Run()[0];
    }

    /// <summary>The losses of one chain that is stepped on the noise of chain <paramref name="chain"/> times a sign.</summary>
    private static double[] ByHand(SgldOptions options, int chain, int sign)
    {
        using var engine = NoisyQuadratic.Engine();
        var (center, schedule) = (engine.CenterOf(0), NoisyQuadratic.Schedule(options));
        var (walker, dynamics) = (new Walker<double>(0, 0, center), Dynamics<double>.Create(options, center.Length));
        var (stream, noise) = (NamedRandom.Stream(options.Seed, chain, "noise"), new double[center.Length]);
        var losses = new double[options.Draws];
        for (var step = 0; step < losses.Length; step++)
        {
            var baseline = engine.Evaluate(schedule.RowsAt(step), [walker]);
            losses[step] = walker.Loss;
            stream.Normals(noise, (ulong)step);
            dynamics.Step(walker, baseline, [.. noise.Select(x => sign * x)]);
        }
        return losses;
    }
}
