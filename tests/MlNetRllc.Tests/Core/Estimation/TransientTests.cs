using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Tests.Core.Sampling;

namespace MlNetRllc.Tests.Core.Estimation;

/// <summary>Chains start at w*, where the difference of losses is 0: what is left of their way counts.</summary>
public sealed class TransientTests(TrainedModel model, ITestOutputHelper output) : IClassFixture<TrainedModel>
{
    private const int Seeds = 32;
    private static readonly string[] Components = ["l0h0", "l1h1", "full"];

    /// <summary>Of the chain after a burn-in that leaves nothing; the same for all tests, which are of one model.</summary>
    private static double[]? settled;

    [Fact]
    public void AtTheDefaultBurnIn_NothingIsLeftOfTheTransient()
    {
        foreach (var found in Run(new() { Draws = 100 }))
        {
            Assert.InRange(found.Deviation, -0.5, 0.5); // Its own error is 0.18.
            Assert.True(found.Ok >= 0.95 * Seeds, $"{found.Ok} of {Seeds} are ok");
            Assert.True(found.Drifting <= 0.15 * Seeds, $"{found.Drifting} of {Seeds} drift by more than two of their errors");
            Assert.InRange(found.Inflation, 1, 1.1);
        }
    }

    [Theory]
    [InlineData(200)]
    [InlineData(50)]
    public void WithoutBurnIn_TheErrorCountsWhatIsLeft(int draws)
    {
        var found = Run(new() { Draws = draws, BurnIn = 0 });
        Assert.All(found, f => Assert.InRange(f.Deviation, -1.1, 0.2));
        Assert.True(found[^1].Inflation > 1.5, "of the whole model the transient is more than its error");
    }

    [Fact]
    public void TransientOfManyErrors_IsNotConverged_AndSaysHowManyDrawsAreOfIt()
    {
        var random = NamedRandom.Stream("transient");
        var noise = new double[4 * 60];
        random.Normals(noise, 0);
        var losses = noise.Select((z, i) => 3 + 0.1 * (1 - Math.Exp(-(i % 60) / 6.0)) + 0.002 * z).ToArray();
        var trace = new LossTrace
        {
            Component = "l0h0", Dimension = 8, NBeta = 30, Chains = 4, Draws = 60, Losses = losses,
            BaselineLosses = [.. Enumerable.Repeat(3.0, 60)], MalaAcceptance = [1, 1, 1, 1], DivergedAt = [-1, -1, -1, -1],
        };
        var estimate = RllcEstimation.Estimate(trace, new() { DriftErrors = 1e6, MaxRHat = 100, MinEss = 0 });
        Assert.Equal(RllcStatus.NotConverged, estimate.Status);
        Assert.Contains("way from the trained weights", estimate.Reason, StringComparison.Ordinal);
        Assert.InRange(estimate.Transient, -0.33, -0.27); // 30 x 0.1 x 6 / 60, and the sum is discrete.
        var without = RllcEstimation.Estimate(trace, new() { DiscardDraws = 40, MinEss = 0, MaxRHat = 100 });
        Assert.Equal((RllcStatus.Ok, 0.0), (without.Status, without.Transient));
        Assert.InRange(without.Rllc, 2.98, 3.01);
    }

    private List<Found> Run(SgldOptions options)
    {
        settled ??= Settled();
        var estimates = Estimates(options);
        List<Found> found = [];
        for (var c = 0; c < Components.Length; c++)
        {
            var all = estimates.Select(e => e[c]).ToList();
            double Noise(RllcEstimate e) => Math.Sqrt(e.RllcStdErr * e.RllcStdErr - e.Transient * e.Transient);
            found.Add(new(
                all.Average(e => (e.Rllc - settled[c]) / e.RllcStdErr), all.Average(e => e.RllcStdErr / Noise(e)),
                all.Count(e => e.Status == RllcStatus.Ok), all.Count(e => Math.Abs(e.Drift) > 2 * 2 * Noise(e))));
            output.WriteLine($"{options.Draws} draws after {options.BurnIn}, {Components[c]}: settled {settled[c]:f3}, "
                + $"mean {all.Average(e => e.Rllc):f3}, in errors without the transient "
                + $"{all.Average(e => (e.Rllc - settled[c]) / Noise(e)):f2}, {found[^1]}");
        }
        return found;
    }

    private double[] Settled()
    {
        var estimates = Estimates(new() { Draws = 200, BurnIn = 60 });
        return [.. Components.Select((_, c) => estimates.Average(e => e[c].Rllc))];
    }

    private RllcEstimate[][] Estimates(SgldOptions options)
    {
        var estimates = new RllcEstimate[Seeds][];
        Parallel.For(0, Seeds, new() { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            var sampler = new SgldSampler(TrainedModel.Config, model.Weights, model.Text) { Threads = 1 };
            estimates[seed] = [.. sampler.Sample(Components, options with { Chains = 2, BatchSize = 4, Seed = seed })
                .Select(trace => RllcEstimation.Estimate(trace, new()))];
        });
        return estimates;
    }

    /// <summary>What estimates over seeds come to.</summary>
    /// <param name="Deviation">Mean deviation from the settled value, in reported errors.</param>
    /// <param name="Inflation">Mean ratio of the reported error to that without the transient.</param>
    /// <param name="Ok">How many are ok.</param>
    /// <param name="Drifting">How many drift by more than two errors of a drift.</param>
    private sealed record Found(double Deviation, double Inflation, int Ok, int Drifting);
}
