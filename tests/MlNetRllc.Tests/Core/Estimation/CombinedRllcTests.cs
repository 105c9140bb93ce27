using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Estimation;

public sealed class CombinedRllcTests
{
    private static readonly EstimationOptions Defaults = new();

    private static LossTrace Simulated(
        SimulatedChains simulation, double[]? shared = null, int draws = 100, double nbeta = 30)
    {
        var losses = simulation.Differences(4, draws, 0.7, 0.5, 0.3);
        return SimulatedChains.Trace(
            [.. losses.Select((loss, i) => loss + (shared?[i % draws] ?? 0))], 4, nbeta: nbeta);
    }

    [Theory]
    [InlineData(BaselineKind.Paired)]
    [InlineData(BaselineKind.Unpaired)]
    public void OneTraceOfWeightOne_IsItsEstimate(BaselineKind baseline)
    {
        var options = Defaults with { Baseline = baseline, DiscardFraction = 0.2 };
        var simulation = new SimulatedChains(1);
        var trace = Simulated(simulation) with { BaselineLosses = simulation.Ar1(100, 0, 1) };
        var (estimate, combined) = (RllcEstimation.Estimate(trace, options), CombinedRllc.WeightedSum([(trace, 1)], options));

        Assert.Equal(estimate.Rllc, combined.Value, 1e-9);
        Assert.Equal(estimate.RllcStdErr, combined.StdErr, 1e-9);
    }

    [Fact]
    public void MeanOfTheSameTraceTwice_HasItsErrorUndiminished()
    {
        var trace = Simulated(new(2));
        var one = CombinedRllc.WeightedSum([(trace, 1)], Defaults);
        var mean = CombinedRllc.WeightedSum([(trace, 0.5), (trace, 0.5)], Defaults);

        Assert.Equal(one.Value, mean.Value, 1e-9);
        Assert.Equal(one.StdErr, mean.StdErr, 1e-9);
    }

    [Fact]
    public void TraceLessItself_IsNothingWithoutError()
    {
        var trace = Simulated(new(3));
        var nothing = CombinedRllc.WeightedSum([(trace, 1), (trace, -1)], Defaults);

        Assert.Equal((0.0, 0.0), (nothing.Value, nothing.StdErr));
    }

    [Fact]
    public void DifferentNBeta_EachTraceIsScaledByItsOwn()
    {
        var (cold, warm) = (SimulatedChains.Trace([1, 2, 3, 4], 1, nbeta: 10), SimulatedChains.Trace([1, 1, 1, 1], 1, nbeta: 4));

        Assert.Equal(
            2 * 10 * 2.5 - 3 * 4 * 1,
            CombinedRllc.WeightedSum([(cold, 2), (warm, -3)], Defaults).Value,
            1e-9);
    }

    /// <summary>Heads that meet the same minibatches: the error that is told is the spread over
    /// many repeats, and the root of squares is not.</summary>
    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(1.5, 0.4)]
    public void ManyRepeats_SpreadOfTheMeanIsTheReportedError(double deviationShared, double independentAtMost)
    {
        var simulation = new SimulatedChains(4);
        var (values, errors, independent) = (new List<double>(), new List<double>(), new List<double>());
        for (var repeat = 0; repeat < 400; repeat++)
        {
            var shared = simulation.Ar1(100, 0.5, deviationShared);
            LossTrace[] heads = [.. Enumerable.Range(0, 8).Select(_ => Simulated(simulation, shared, nbeta: 1))];
            var mean = CombinedRllc.WeightedSum([.. heads.Select(h => (h, 1.0 / heads.Length))], Defaults);
            values.Add(mean.Value);
            errors.Add(mean.StdErr * mean.StdErr);
            independent.Add(heads.Sum(h => Math.Pow(RllcEstimation.Estimate(h, Defaults).RllcStdErr, 2)) / heads.Length / heads.Length);
        }
        var spread = Math.Sqrt(values.Average(v => v * v));
        Assert.InRange(Math.Sqrt(errors.Average()) / spread, 0.85, 1.15);
        Assert.InRange(Math.Sqrt(independent.Average()) / spread, 0, independentAtMost * 1.15);
    }

    [Fact]
    public void ChainDivergedInOneTrace_IsLeftOutOfAll()
    {
        var simulation = new SimulatedChains(5);
        var (whole, broken) = (Simulated(simulation), Simulated(simulation));
        double[] losses = [.. broken.Losses];
        losses[150] = double.NaN;
        var combined = CombinedRllc.WeightedSum([(whole, 1), (broken with { Losses = losses }, 1)], Defaults);
        LossTrace Without(LossTrace trace) => trace with { Chains = 3, Losses = [.. trace.Losses.Take(100), .. trace.Losses.Skip(200)] };

        Assert.Equal(CombinedRllc.WeightedSum([(Without(whole), 1), (Without(broken), 1)], Defaults), combined);
    }

    [Fact]
    public void AllChainsDiverged_IsNaN()
    {
        var lost = SimulatedChains.Trace([.. Enumerable.Repeat(double.NaN, 8)], 2);
        Assert.Equal(new(double.NaN, double.NaN), CombinedRllc.WeightedSum([(lost, 1)], Defaults));
    }

    [Fact]
    public void TracesOfDifferentSizes_AreRefusedByName()
    {
        var (small, large) = (SimulatedChains.Trace(new double[8], 2), SimulatedChains.Trace(new double[9], 3));
        var error = Assert.Throws<ArgumentException>(
            () => CombinedRllc.WeightedSum([(small, 1), (large, 1)], Defaults));
        Assert.Contains("l0h0 has 3 chains x 3 draws and l0h0 2 x 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoTrace_IsRefused() =>
        Assert.Throws<ArgumentException>(() => CombinedRllc.WeightedSum([], Defaults));
}
