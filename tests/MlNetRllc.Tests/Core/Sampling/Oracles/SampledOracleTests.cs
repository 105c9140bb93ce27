using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Oracles;

namespace MlNetRllc.Tests.Core.Sampling.Oracles;

/// <summary>The samplers against known expectations: the quick rows of pipelines/public-numbers.cs.</summary>
public sealed class SampledOracleTests
{
    private const double NBeta = 144.765;

    [Theory]
    [InlineData(5, 3, 5)]
    [InlineData(5, 4, 5)]
    [InlineData(4, 3, 8)]
    public void ReducedRank_MetropolisHasTheExpectation(int inputs, int rank, int outputs)
    {
        var regression = new ReducedRank(inputs, rank, outputs);
        using var engine = regression.Engine();
        var sampler = new MetropolisSampler(engine) { LeapfrogSteps = 16, StepJitter = 0.2, StartSpread = 0.3 };
        var trace = sampler.Sample(new("rank"), new()
        {
            StepSize = 4e-4, NBeta = NBeta, Localization = 1, Chains = 4, Draws = 4_000, BurnIn = 500,
        });
        AssertHas(regression.Expectation(NBeta, 1), trace, share: 0.03);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void QuadraticWell_SgldHasItsChainsExpectation(bool exactPull)
    {
        var well = new QuadraticWell([0.2, 1, 5]);
        using var engine = well.Engine();
        var options = new SgldOptions
        {
            StepSize = 2e-3, NBeta = 30, Localization = 100, ExactPull = exactPull, Chains = 8, Draws = 20_000, BurnIn = 200, BatchSize = 1,
        };
        AssertHas(well.ChainExpectation(options), Walk(engine, options), share: 0.007);
        Assert.True(well.ChainExpectation(options) > 1.03 * well.Expectation(30, 100), "no error of the step is left to tell");
    }

    [Fact]
    public void AnharmonicWell_MetropolisHasTheCovariance()
    {
        const double nbeta = 100;
        var well = new AnharmonicWell(l: 1, a: 1, g: 1);
        using var engine = well.Engine();
        var draws = new List<double>[8];
        var sampler = new MetropolisSampler(engine)
        {
            LeapfrogSteps = 8, StepJitter = 0.2,
            OnDraw = (at, x) => (draws[at.Chain] ??= []).Add(x[0]),
        };
        sampler.Sample(new("well"), new() { StepSize = 5e-4, NBeta = nbeta, Localization = 0, Chains = 8, Draws = 20_000, BurnIn = 100 });

        double[] x = [.. draws.SelectMany(chain => chain)];
        var (first, second) = (x.Average(), x.Average(v => v * v));
        double[] products = [.. x.Select(v => nbeta * nbeta * (v * v - second) * (v - first))];
        var error = ChainStandardError.Estimate(products, 8, 20_000);
        Assert.InRange(error, 0, 0.1 * Math.Abs(well.CovarianceLimit));
        Assert.Equal(nbeta * nbeta * well.Covariance(nbeta), products.Average(), 4 * error);
    }

    [Fact]
    public void WeightsThatAreTold_HaveTheLossesOfTheTrace()
    {
        using var engine = new QuadraticWell([1, 3]).Engine();
        var options = new SgldOptions { Chains = 3, Draws = 5, BurnIn = 2, Thinning = 2, BatchSize = 1, Localization = 1 };
        var (walked, proposed) = (new double[15], new double[15]);
        static double Loss(ReadOnlySpan<double> w) => w[0] * w[0] / 2 + 3 * w[1] * w[1] / 2;
        var run = new LockStepRun<double>(engine, [new("well")], new(NamedRandom.Stream(1), 1, 1), options)
        {
            OnDraw = (at, w) => walked[at.Chain * 5 + at.Draw] = Loss(w),
        };
        var sampler = new MetropolisSampler(engine) { OnDraw = (at, w) => proposed[at.Chain * 5 + at.Draw] = Loss(w) };

        Assert.Equal(run.Run()[0].Losses, walked, (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal(sampler.Sample(new("well"), options).Losses, proposed, (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal(15, walked.Distinct().Count());
    }

    private static LossTrace Walk(FunctionEngine engine, SgldOptions options) =>
        new LockStepRun<double>(engine, [new("known")], new(NamedRandom.Stream(1), 1, 1), options).Run()[0];

    private static void AssertHas(double expected, LossTrace trace, double share)
    {
        var estimate = RllcEstimation.Estimate(trace, new());
        Assert.Equal((RllcStatus.Ok, ""), (estimate.Status, estimate.Reason));
        Assert.Equal(expected, estimate.Rllc, 4 * estimate.RllcStdErr);
        Assert.InRange(estimate.RllcStdErr, 0, share * expected);
    }
}
