using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Over many seeds, estimates spread as far as the standard error that each of them
/// reports.</summary>
public sealed class ErrorBarTests(TrainedModel model, ITestOutputHelper output) : IClassFixture<TrainedModel>
{
    private const int Seeds = 120; // The ratio of 120 draws is known to 6.5 %.
    private static readonly string[] Components = ["l0h0", "l1h1", "full"];

    [Fact]
    public void SpreadOverSeeds_IsTheReportedStandardError()
    {
        var estimates = new RllcEstimate[Seeds][];
        // Seeds have minibatches of their own, so each is a run; small runs go one to a core.
        Parallel.For(0, Seeds, new() { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            var options = new SgldOptions
            {
                StepSize = 5e-4,
                NBeta = 30,
                Localization = 200,
                Chains = 2,
                Draws = 100,
                BurnIn = 60,
                BatchSize = 4,
                Seed = seed,
            };
            var sampler = new SgldSampler(TrainedModel.Config, model.Weights, model.Text) { Threads = 1 };
            estimates[seed] = [.. sampler.Sample(Components, options)
                .Select(trace => RllcEstimation.Estimate(trace, new()))];
        });
        for (var c = 0; c < Components.Length; c++)
        {
            var mean = estimates.Average(e => e[c].Rllc);
            var spread = Math.Sqrt(estimates.Sum(e => Math.Pow(e[c].Rllc - mean, 2)) / (Seeds - 1));
            var reported = Math.Sqrt(estimates.Average(e => Math.Pow(e[c].RllcStdErr, 2)));
            output.WriteLine($"{Components[c]}: {mean:f3}, spread {spread:f4}, reported {reported:f4}, ratio {spread / reported:f3}");
            Assert.True(
                spread / reported is > 0.8 and < 1.25,
                $"{Components[c]}: {mean} spreads by {spread}; {reported} is reported");
            Assert.True(
                mean > 5 * spread / Math.Sqrt(Seeds),
                $"{Components[c]}: {mean} cannot be told from nothing");
        }
    }
}
