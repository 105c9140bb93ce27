using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Oracles;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Whether the exact sampler says where it is not.</summary>
public sealed class MetropolisSamplerTests
{
    private const double Localization = 1;

    private static readonly NormalCrossing Crossing = ReferenceCrossing.WithPowers(1, 2);

    [Fact]
    public void StepTooLargeForTheTail_TrajectoriesDivergeAndTheStatusIsNotOk()
    {
        var trace = Sample(new(Crossing.Engine()) { LeapfrogSteps = 8 }, stepSize: 2e-3);
        var estimate = RllcEstimation.Estimate(trace, new());

        // |w2| above 1.15, where h^2 U'' is above 4, holds 1.4 % of the mass.
        Assert.True(trace.Divergences!.Sum() > 0);
        Assert.Equal(RllcStatus.NotConverged, estimate.Status);
        Assert.Contains("diverged", estimate.Reason, StringComparison.Ordinal);
        Assert.Contains("Lower the step size", estimate.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.3)]
    public void StepThatFollowsTheTail_IsOkAndHasTheExpectation(double spread, double jitter)
    {
        var sampler = new MetropolisSampler(Crossing.Engine()) { LeapfrogSteps = 64, StartSpread = spread, StepJitter = jitter };
        var trace = Sample(sampler, stepSize: 2.5e-5);
        var estimate = RllcEstimation.Estimate(trace, new());

        Assert.Equal((RllcStatus.Ok, ""), (estimate.Status, estimate.Reason));
        Assert.All(trace.Divergences!, count => Assert.Equal(0, count));
        AssertHasTheExpectation(estimate);
    }

    [Fact]
    public void CurvatureWithoutBound_AFewStillDivergeWhereTheEstimateIsRight()
    {
        var trace = Sample(new(Crossing.Engine()) { LeapfrogSteps = 8 }, stepSize: 5e-4);
        var estimate = RllcEstimation.Estimate(trace, new());

        Assert.InRange(trace.Divergences!.Sum(), 1, 0.005 * trace.Losses.Count);
        Assert.Equal(RllcStatus.NotConverged, estimate.Status);
        AssertHasTheExpectation(estimate);
    }

    [Fact]
    public void StartSpread_PutsEveryChainElsewhere()
    {
        var sampler = new MetropolisSampler(Crossing.Engine()) { StartSpread = 0.5 };
        var trace = sampler.Sample(new("crossing"), Options(1e-4) with { Chains = 4, Draws = 2, BurnIn = 0 });

        Assert.Equal(4, Enumerable.Range(0, 4).Select(c => trace.Losses[2 * c]).Distinct().Count());
        Assert.All(Enumerable.Range(0, 4), c => Assert.NotEqual(trace.BaselineLosses[0], trace.Losses[2 * c]));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(0, -0.1)]
    [InlineData(0, 1)]
    public void SpreadOrJitterOutOfRange_IsRefused(double spread, double jitter)
    {
        var sampler = new MetropolisSampler(Crossing.Engine()) { StartSpread = spread, StepJitter = jitter };

        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Sample(new("crossing"), Options(1e-3)));
    }

    private static void AssertHasTheExpectation(RllcEstimate estimate)
    {
        Assert.Equal(Crossing.Expectation(ReferenceCrossing.NBeta, Localization), estimate.Rllc, 4 * estimate.RllcStdErr);
        Assert.True(estimate.RllcStdErr < 0.02 * estimate.Rllc, $"standard error {estimate.RllcStdErr}");
    }

    private static LossTrace Sample(MetropolisSampler sampler, double stepSize) =>
        sampler.Sample(new("crossing"), Options(stepSize));

    private static ChainOptions Options(double stepSize) => new()
    {
        StepSize = stepSize, NBeta = ReferenceCrossing.NBeta, Localization = Localization, Chains = 8, Draws = 10_000, BurnIn = 1_000,
    };
}
