using System.Text.Json;
using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Tests.Core.Estimation;

/// <summary>Estimates from chains in pairs: pairs are the independent things.</summary>
public sealed class AntitheticEstimateTests
{
    private static readonly EstimationOptions Defaults = new();

    [Theory, InlineData(BaselineKind.Paired), InlineData(BaselineKind.Unpaired)]
    public void ErrorAndDiagnostics_AreThoseOfThePairsMeans_AndNothingElseIs(BaselineKind baseline)
    {
        var options = Defaults with { Baseline = baseline, DiscardFraction = 0.1 };
        var (trace, means) = Pairs(1);
        var estimate = RllcEstimation.Estimate(trace, options);
        var ofMeans = RllcEstimation.Estimate(means, options);
        var ofChains = RllcEstimation.Estimate(trace with { Antithetic = false }, options);

        Assert.Equal(ofMeans.RllcStdErr, estimate.RllcStdErr, 1e-12);
        Assert.Equal((ofMeans.RHat, ofMeans.Ess, ofMeans.Geweke), (estimate.RHat, estimate.Ess, estimate.Geweke));
        Assert.NotEqual(ofChains.RllcStdErr, estimate.RllcStdErr, 1e-3);
        Assert.Equal((ofChains.Rllc, ofChains.NegativeShare, ofChains.Drift), (estimate.Rllc, estimate.NegativeShare, estimate.Drift));
        Assert.Equal(ofChains.ChainRllcs, estimate.ChainRllcs);
        Assert.Equal(ofMeans.RllcStdErr, RllcEstimation.StandardErrorOf(trace, 200, options), 1e-12);
    }

    [Fact]
    public void ChainThatDiverged_TakesItsPartnerAlong_AndTheReasonSaysSo()
    {
        var (trace, _) = Pairs(2);
        var all = RllcEstimation.Estimate(Broken(trace, chain: 3, draw: 37), Defaults);
        var without = RllcEstimation.Estimate(
            trace with { Chains = 4, Losses = [.. trace.Losses.Take(400), .. trace.Losses.Skip(800)] }, Defaults);

        Assert.Equal(RllcStatus.Diverged, all.Status);
        Assert.StartsWith("1 of 6 chains stopped being finite, the first at draw 37; their pairs are left out whole; the estimate is from "
            + "the other 4.", all.Reason, StringComparison.Ordinal);
        Assert.Equal((without.Rllc, without.RllcStdErr, without.Ess), (all.Rllc, all.RllcStdErr, all.Ess));
        Assert.Equal([false, false, false, true, false, false], all.ChainRllcs.Select(double.IsNaN));
    }

    [Fact]
    public void ChainOfEveryPairDiverged_LeavesNothing()
    {
        var (trace, _) = Pairs(3);
        var none = RllcEstimation.Estimate(Broken(Broken(Broken(trace, 0, 9), 3, 5), 5, 7), Defaults);
        Assert.Equal((RllcStatus.Diverged, double.NaN), (none.Status, none.Rllc));
        Assert.Contains("of each of the 3 pairs a chain stopped being finite, the first at draw 5;", none.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightedSum_IsOverPairs_AndLeavesThemOutWhole()
    {
        var (trace, _) = Pairs(4);
        var (broken, other) = (Broken(trace, chain: 1, draw: 3), Pairs(5).Trace);
        LossTrace Without(LossTrace whole) => whole with { Chains = 4, Losses = [.. whole.Losses.Skip(400)] };
        Assert.Equal(CombinedRllc.WeightedSum([(Without(trace), 1), (Without(other), -2)], Defaults),
            CombinedRllc.WeightedSum([(broken, 1), (other, -2)], Defaults));
        var (one, estimate) = (CombinedRllc.WeightedSum([(trace, 1)], Defaults), RllcEstimation.Estimate(trace, Defaults));
        Assert.Equal((estimate.Rllc, estimate.RllcStdErr), (one.Value, one.StdErr), (a, b) =>
            Math.Abs(a.Item1 - b.Item1) < 1e-9 && Math.Abs(a.Item2 - b.Item2) < 1e-9);
    }

    [Fact]
    public void TracesOfPairsAndOfSingleChains_AreNotAdded()
    {
        var (trace, _) = Pairs(6);
        var refused = Assert.Throws<ArgumentException>(
            () => CombinedRllc.WeightedSum([(trace, 1), (trace with { Antithetic = false }, 1)], Defaults));
        Assert.Contains("one alone has antithetic chains", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OddNumberOfChains_IsNoTraceOfPairs()
    {
        var trace = SimulatedChains.Trace(new double[9], 3) with { Antithetic = true };
        var refused = Assert.Throws<ArgumentException>(() => RllcEstimation.Estimate(trace, Defaults));
        Assert.Contains("l0h0: 3 chains cannot be antithetic pairs", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WrittenForm_SaysPairs_AndOfSingleChainsNothing()
    {
        var (trace, _) = Pairs(7);
        Assert.True(JsonSerializer.Deserialize<LossTrace>(JsonSerializer.Serialize(trace))!.Antithetic);
        Assert.DoesNotContain("Antithetic", JsonSerializer.Serialize(trace with { Antithetic = false }), StringComparison.Ordinal);
    }

    /// <summary>Three pairs of 200 draws whose differences to their means are opposite, and the means as a trace.</summary>
    private static (LossTrace Trace, LossTrace Means) Pairs(int seed)
    {
        var simulation = new SimulatedChains(seed);
        var (even, baselines) = (simulation.Differences(3, 200, 0.7, 0.5, 0.3), simulation.Ar1(200, 0, 0.1));
        var odd = simulation.Differences(3, 200, 0.7, 0.5, 0);
        double[] With(double[] differences) => [.. differences.Select((d, i) => d + baselines[i % 200])];
        var losses = even.Chunk(200).Zip(odd.Chunk(200)).SelectMany(pair =>
            (double[])[.. pair.First.Zip(pair.Second, (e, o) => e + o), .. pair.First.Zip(pair.Second, (e, o) => e - o)]).ToArray();
        return (SimulatedChains.Trace(With(losses), 6, baselines) with { Antithetic = true },
            SimulatedChains.Trace(With(even), 3, baselines));
    }

    private static LossTrace Broken(LossTrace trace, int chain, int draw)
    {
        double[] losses = [.. trace.Losses];
        losses.AsSpan(chain * 200 + draw, 200 - draw).Fill(double.NaN);
        return trace with { Losses = losses, DivergedAt = [.. trace.DivergedAt.Select((at, c) => c == chain ? draw : at)] };
    }
}
