using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Estimation;

public sealed class RllcEstimationTests
{
    private static readonly EstimationOptions Defaults = new();

    [Fact]
    public void SmallTraceByHand_EstimateAndItsParts()
    {
        double[] baselines = [1.0, 2.0, 1.5, 1.0];
        double[] losses = [1.1, 2.0, 1.9, 1.5, 0.9, 2.4, 1.7, 1.2];
        var estimate = RllcEstimation.Estimate(
            SimulatedChains.Trace(losses, 2, baselines, nbeta: 10), Defaults);

        // d: .1 0 .4 .5 | -.1 .4 .2 .2; means .25 and .175; halves .05 to .45 and .15 to .2.
        Assert.Equal(2.125, estimate.Rllc, 1e-12);
        Assert.Equal([2.5, 1.75], estimate.ChainRllcs.Select(x => Math.Round(x, 12)));
        Assert.Equal(1.0 / 8, estimate.NegativeShare, 1e-12);
        Assert.Equal(10 * (0.4 + 0.05) / 2, estimate.Drift, 1e-12);
        Assert.Equal(0.9, estimate.MalaAcceptance, 1e-12);
        Assert.Equal(4, estimate.DrawsUsed);
    }

    [Fact]
    public void MinibatchNoiseFarAboveTheSignal_PairedErrorIsFarSmallerThanUnpaired()
    {
        var (trace, _) = Noisy(new SimulatedChains(1), draws: 200);

        var paired = RllcEstimation.Estimate(trace, Defaults);
        var unpaired = RllcEstimation.Estimate(trace, Defaults with { Baseline = BaselineKind.Unpaired });

        Assert.True(unpaired.RllcStdErr > 10 * paired.RllcStdErr);
        Assert.Equal(3, paired.Rllc, 5 * paired.RllcStdErr);
        Assert.Equal(3, unpaired.Rllc, 5 * unpaired.RllcStdErr);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(100)]
    public void ManyRepeats_UnpairedSpreadAgreesWithReportedError(int batches)
    {
        var simulation = new SimulatedChains(2);
        var options = Defaults with { Baseline = BaselineKind.Unpaired, BaselineBatches = batches };
        var estimates = Enumerable.Range(0, 500)
            .Select(_ => RllcEstimation.Estimate(Noisy(simulation, draws: 200).Trace, options)).ToArray();

        var mean = estimates.Average(e => e.Rllc);
        var spread = Math.Sqrt(estimates.Average(e => Math.Pow(e.Rllc - mean, 2)));
        Assert.InRange(spread / Math.Sqrt(estimates.Average(e => e.RllcStdErr * e.RllcStdErr)), 0.8, 1.25);
    }

    [Fact]
    public void BaselineOverAllDraws_UnpairedEstimateIsThePaired()
    {
        var (trace, _) = Noisy(new SimulatedChains(3), draws: 50);
        var unpaired = RllcEstimation.Estimate(
            trace, Defaults with { Baseline = BaselineKind.Unpaired, BaselineBatches = 50 });

        Assert.Equal(RllcEstimation.Estimate(trace, Defaults).Rllc, unpaired.Rllc, 1e-9);
    }

    [Fact]
    public void OneChainDiverged_OthersAreUsedAndTheReasonNamesTheDraw()
    {
        var losses = Settled(4, 100);
        for (var t = 37; t < 100; t++) losses[200 + t] = double.NaN;
        var all = RllcEstimation.Estimate(SimulatedChains.Trace(losses, 4), Defaults);
        var without = RllcEstimation.Estimate(
            SimulatedChains.Trace([.. losses[..200], .. losses[300..]], 3), Defaults);

        Assert.Equal(RllcStatus.Diverged, all.Status);
        Assert.Contains("1 of 4", all.Reason);
        Assert.Contains("draw 37", all.Reason);
        Assert.Equal(without.Rllc, all.Rllc, 1e-12);
        Assert.Equal(without.RllcStdErr, all.RllcStdErr, 1e-12);
        Assert.Equal(double.NaN, all.ChainRllcs[2]);
    }

    [Fact]
    public void AllChainsDiverged_EstimateIsNaNAndStatusSaysSo()
    {
        double[] losses = [.. Enumerable.Repeat(double.NaN, 40)];
        var estimate = RllcEstimation.Estimate(SimulatedChains.Trace(losses, 2), Defaults);

        Assert.Equal(RllcStatus.Diverged, estimate.Status);
        Assert.Equal(double.NaN, estimate.Rllc);
        Assert.Contains("all 2 chains", estimate.Reason);
    }

    [Fact]
    public void SettledChains_StatusIsOk()
    {
        var estimate = RllcEstimation.Estimate(SimulatedChains.Trace(Settled(4, 200), 4), Defaults);

        Assert.Equal((RllcStatus.Ok, ""), (estimate.Status, estimate.Reason));
    }

    [Fact]
    public void EstimateFarBelowZero_StatusIsNegative()
    {
        var losses = Settled(4, 200).Select(x => -x).ToArray();

        Assert.Equal(
            RllcStatus.Negative,
            RllcEstimation.Estimate(SimulatedChains.Trace(losses, 4), Defaults).Status);
    }

    [Fact]
    public void TooFewDrawsForAnError_StatusIsNotConvergedEvenBelowZero()
    {
        var estimate = RllcEstimation.Estimate(SimulatedChains.Trace([-1, -2], 1), Defaults);

        Assert.Equal(RllcStatus.NotConverged, estimate.Status);
        Assert.Contains("2 draws are too few", estimate.Reason);
    }

    [Fact]
    public void ChainsApart_StatusIsNotConvergedAndNamesRHat()
    {
        var losses = Settled(4, 200);
        for (var t = 0; t < 200; t++) losses[t] += 30;
        var estimate = RllcEstimation.Estimate(SimulatedChains.Trace(losses, 4), Defaults);

        Assert.Equal(RllcStatus.NotConverged, estimate.Status);
        Assert.Contains("R-hat", estimate.Reason);
    }

    [Fact]
    public void DrawsThatNeverDiffer_StatusIsNotConvergedWithAReason()
    {
        var estimate = RllcEstimation.Estimate(SimulatedChains.Trace(new double[80], 4), Defaults);

        Assert.Equal(RllcStatus.NotConverged, estimate.Status);
        Assert.Contains("never differ", estimate.Reason);
    }

    [Theory]
    [InlineData(BaselineKind.Paired)]
    [InlineData(BaselineKind.Unpaired)]
    public void DrawsThatDifferByRoundingAlone_StatusIsNotConvergedWithAReason(BaselineKind baseline)
    {
        var simulation = new SimulatedChains(5);
        var baselines = simulation.Ar1(200, 0, 0.1).Select(x => 3 + x).ToArray();
        var losses = Settled(4, 200).Select((d, i) => baselines[i % 200] + 1e-9 * d).ToArray();
        var estimate = RllcEstimation.Estimate(SimulatedChains.Trace(losses, 4, baselines), Defaults with { Baseline = baseline });

        Assert.Equal(RllcStatus.NotConverged, estimate.Status);
        Assert.Contains("by more than rounding", estimate.Reason);
    }

    [Fact]
    public void OneDrawBeyondRounding_IsJudgedAsChainsThatMove()
    {
        var baselines = Enumerable.Repeat(3.0, 200).ToArray();
        var losses = Settled(4, 200).Select(d => 3 + 1e-9 * d).ToArray();
        losses[450] = 3 + 1e-6;

        Assert.DoesNotContain("rounding", RllcEstimation.Estimate(SimulatedChains.Trace(losses, 4, baselines), Defaults).Reason);
    }

    [Fact]
    public void DoublesAtALargeNBeta_DifferencesBelowFloatRoundingAreNoRounding()
    {
        var losses = Settled(4, 200).Select(d => 3 + 1e-10 * d).ToArray();
        var estimate = RllcEstimation.Estimate(
            SimulatedChains.Trace(losses, 4, [.. Enumerable.Repeat(3.0, 200)], nbeta: 1e9), Defaults);

        Assert.Equal((RllcStatus.Ok, ""), (estimate.Status, estimate.Reason));
        Assert.Equal(0.5, estimate.Rllc, 0.05);
    }

    [Fact]
    public void DivergentTrajectories_StatusIsNotConvergedAndNamesTheRemedy()
    {
        var trace = SimulatedChains.Trace(Settled(4, 200), 4);
        var estimate = RllcEstimation.Estimate(trace with { Divergences = [0, 2, 0, 1] }, Defaults);

        Assert.Equal(RllcStatus.NotConverged, estimate.Status);
        Assert.Contains("3 trajectories diverged (0, 2, 0, 1 by chain)", estimate.Reason);
        Assert.Contains("Lower the step size", estimate.Reason);
        Assert.Equal(RllcStatus.Ok, RllcEstimation.Estimate(trace with { Divergences = [0, 0, 0, 0] }, Defaults).Status);
    }

    [Fact]
    public void BaselineNotFinite_StatusIsFailed()
    {
        var baselines = new double[20];
        baselines[3] = double.NaN;
        var estimate = RllcEstimation.Estimate(SimulatedChains.Trace(new double[80], 4, baselines), Defaults);

        Assert.Equal(RllcStatus.Failed, estimate.Status);
        Assert.Contains("baseline", estimate.Reason);
    }

    [Fact]
    public void NoDraws_StatusIsFailed() =>
        Assert.Equal(RllcStatus.Failed, RllcEstimation.Estimate(SimulatedChains.Trace([], 1), Defaults).Status);

    [Fact]
    public void DiscardedDraws_AreAsIfNeverRecorded()
    {
        var losses = Settled(3, 60);
        var shorter = Enumerable.Range(0, 3).SelectMany(c => losses[(c * 60 + 15)..((c + 1) * 60)]).ToArray();
        var expected = RllcEstimation.Estimate(SimulatedChains.Trace(shorter, 3), Defaults);

        foreach (var options in new[] { Defaults with { DiscardDraws = 15 }, Defaults with { DiscardFraction = 0.25 } })
        {
            var estimate = RllcEstimation.Estimate(SimulatedChains.Trace(losses, 3), options);
            Assert.Equal(expected with { ChainRllcs = [] }, estimate with { ChainRllcs = [] });
        }
    }

    [Fact]
    public void Prefix_HasTheStandardErrorOfATraceThatEndsThere()
    {
        var losses = Settled(3, 90);
        var shorter = Enumerable.Range(0, 3).SelectMany(c => losses[(c * 90)..(c * 90 + 50)]).ToArray();
        var expected = RllcEstimation.Estimate(SimulatedChains.Trace(shorter, 3), Defaults).RllcStdErr;

        Assert.Equal(
            expected,
            RllcEstimation.StandardErrorOf(SimulatedChains.Trace(losses, 3), 50, Defaults),
            1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => RllcEstimation.StandardErrorOf(SimulatedChains.Trace(losses, 3), 91, Defaults));
    }

    [Fact]
    public void TwiceTheLossAtHalfTheTemperature_IsTheSameEstimate()
    {
        var losses = Settled(3, 90);
        var once = RllcEstimation.Estimate(SimulatedChains.Trace(losses, 3, nbeta: 30), Defaults);
        var twice = RllcEstimation.Estimate(
            SimulatedChains.Trace([.. losses.Select(x => 2 * x)], 3, nbeta: 15), Defaults);

        Assert.Equal(once with { ChainRllcs = [] }, twice with { ChainRllcs = [] });
    }

    [Fact]
    public void TraceOfWrongLength_IsRefusedWithTheNumbers()
    {
        var trace = SimulatedChains.Trace(new double[40], 2) with { Draws = 19 };

        Assert.Contains("40 losses cannot be 2 chains x 19 draws",
            Assert.Throws<ArgumentException>(() => RllcEstimation.Estimate(trace, Defaults)).Message);
    }

    [Fact]
    public void OptionOutOfRange_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            RllcEstimation.Estimate(SimulatedChains.Trace(new double[40], 2), Defaults with { DiscardFraction = 0.95 }));

    private static double[] Settled(int chains, int draws) =>
        [.. new SimulatedChains(21).Differences(chains, draws, 0.4, 0, 0.2).Select(d => 5 + d)];

    /// <summary>Losses whose minibatch noise (deviation 1) is far above the signal (0.1, deviation
    /// 0.02), at nbeta 30: rLLC 3.</summary>
    private static (LossTrace Trace, double Truth) Noisy(SimulatedChains simulation, int draws)
    {
        var baselines = simulation.Ar1(draws, 0, 1);
        var signal = simulation.Differences(4, draws, 0.5, 0, 0);
        return (SimulatedChains.Trace([.. signal.Select((d, i) => baselines[i % draws] + 0.1 + 0.02 * d)], 4, baselines), 3);
    }
}
