using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Over many seeds, estimates spread as far as the standard error that each of them reports.</summary>
/// <remarks>The ratio of n seeds is known to 1 / sqrt(2 n): 100 tell it to 7 %, 800 to 2.5 %. MLNETRLLC_CASES_TIMES=8 takes eight
/// times as many.</remarks>
public sealed class ErrorBarTests(TrainedModel model, ITestOutputHelper output) : IClassFixture<TrainedModel>
{
    private static readonly string[] Components = ["l0h0", "l1h1", "full"];

    // At a step of 5e-4 chains forget where they were over 20 steps: 100 draws are few, and errors of the whole model come out 15 % small.
    [Theory]
    [InlineData(2, 100, 60, 5e-4, 120, 0.85, 1.25)]
    [InlineData(4, 200, 30, 1e-3, 100, 0.88, 1.12)]
    public void SpreadOverSeeds_IsTheReportedStandardError(
        int chains, int draws, int burnIn, double stepSize, int seeds, double least, double most)
    {
        var options = new SgldOptions { StepSize = stepSize, Chains = chains, Draws = draws, BurnIn = burnIn, BatchSize = 4 };
        var estimates = OfSeeds(seeds * Cases.Times, seed =>
        {
            // Seeds have minibatches of their own, so each is a run; small runs go one to a core.
            var sampler = new SgldSampler(TrainedModel.Config, model.Weights, model.Text) { Threads = 1 };
            return [.. sampler.Sample(Components, options with { Seed = seed }).Select(trace => RllcEstimation.Estimate(trace, new()))];
        });
        for (var c = 0; c < Components.Length; c++) AssertSpread(Components[c], [.. estimates.Select(e => e[c])], least, most);
    }

    /// <summary>With slopes of 0 chains share the minibatches' curvature alone, which is none here; with slopes of 3 most of the
    /// variance is of what they share.</summary>
    [Theory]
    [InlineData(0, 4, 200, 30, 1e-3, 800)]
    [InlineData(1, 4, 200, 30, 1e-3, 800)]
    [InlineData(3, 4, 200, 30, 1e-3, 800)]
    [InlineData(1, 2, 100, 60, 5e-4, 800)]
    [InlineData(1, 4, 1000, 30, 1e-3, 400)]
    public void QuadraticWithSharedMinibatches_SpreadIsTheReportedStandardError(
        double slope, int chains, int draws, int burnIn, double stepSize, int seeds)
    {
        var options = new SgldOptions { StepSize = stepSize, Chains = chains, Draws = draws, BurnIn = burnIn, BatchSize = 4 };
        var estimates = OfSeeds(seeds, seed =>
        {
            using var engine = NoisyQuadratic.Engine(slope: slope);
            var own = options with { Seed = seed };
            var trace = new LockStepRun<double>(engine, [new("q")], NoisyQuadratic.Schedule(own), own).Run()[0];
            return [RllcEstimation.Estimate(trace, new())];
        });
        AssertSpread($"slope {slope}, {chains} x {draws}", [.. estimates.Select(e => e[0])], 0.9, 1.1);
    }

    private static RllcEstimate[][] OfSeeds(long seeds, Func<int, RllcEstimate[]> estimate)
    {
        var all = new RllcEstimate[seeds][];
        Parallel.For(0, (int)seeds, new() { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed => all[seed] = estimate(seed));
        return all;
    }

    private void AssertSpread(string name, RllcEstimate[] estimates, double least, double most)
    {
        var mean = estimates.Average(e => e.Rllc);
        var spread = Math.Sqrt(estimates.Sum(e => Math.Pow(e.Rllc - mean, 2)) / (estimates.Length - 1));
        var reported = estimates.Average(e => e.RllcStdErr);
        output.WriteLine($"{name}: {mean:f3}, spread {spread:f4}, reported {reported:f4}, ratio {spread / reported:f3} "
            + $"+- {1 / Math.Sqrt(2.0 * estimates.Length):f3}");
        Assert.True(
            spread / reported > least && spread / reported < most,
            $"{name}: {mean} spreads by {spread}; {reported} is reported, {spread / reported} of it");
        Assert.True(mean > 5 * spread / Math.Sqrt(estimates.Length), $"{name}: {mean} cannot be told from nothing");
    }
}
