using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Rows that stop once their standard error is as small as wanted.</summary>
public sealed class StandardErrorStopTests
{
    private static readonly SgldOptions Options = new()
    {
        StepSize = 0.1,
        NBeta = 10,
        Localization = 1,
        Chains = 3,
        BurnIn = 20,
        Draws = 2000,
        BatchSize = 1,
        TargetStandardError = 0.05,
    };

    [Fact]
    public void StoppedRow_IsTheBeginningOfTheUnstoppedOne()
    {
        var stopped = Run(Options)[0];
        Assert.InRange(stopped.Draws, 101, Options.Draws - 1);
        Traces.AssertSame(Run(Options with { TargetStandardError = null, Draws = stopped.Draws })[0], stopped);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.1)]
    [InlineData(0.05)]
    public void StoppedRow_HasTheStandardErrorWanted_AndNotMuchLess(double wanted)
    {
        var stopped = Run(Options with { TargetStandardError = wanted })[0];
        Assert.InRange(RllcEstimation.Estimate(stopped, new()).RllcStdErr, 0.4 * wanted, wanted);
        Assert.True(stopped.Draws == 100 || RllcEstimation.StandardErrorOf(stopped, 50, new()) > 0.9 * wanted);
    }

    [Fact]
    public void SmallerErrors_TakeMoreDraws()
    {
        int[] draws = [.. new[] { 0.2, 0.1, 0.05, 0.04 }.Select(wanted => Run(Options with { TargetStandardError = wanted })[0].Draws)];
        Assert.Equal(draws.Order(), draws);
        Assert.True(draws[3] > 4 * draws[0], string.Join(' ', draws));
    }

    [Fact]
    public void ErrorOutOfReach_TakesAllDraws() =>
        Assert.Equal(120, Run(Options with { TargetStandardError = 1e-9, Draws = 120 })[0].Draws);

    [Fact]
    public void RowsBesideIt_NeitherChangeItNorAreChangedWhenItDropsOut()
    {
        var (fine, coarse) = (Options, Options with { TargetStandardError = 0.2 });
        var endless = Options with { TargetStandardError = null, Draws = 700 };
        var together = Run(coarse, endless, fine, coarse with { StepSize = 0.05, BurnIn = 40, Thinning = 3 });
        Assert.True(together[0].Draws < together[2].Draws);
        Traces.AssertSame(Run(coarse)[0], together[0]);
        Traces.AssertSame(Run(endless)[0], together[1]);
        Traces.AssertSame(Run(fine)[0], together[2]);
        Traces.AssertSame(Run(coarse with { StepSize = 0.05, BurnIn = 40, Thinning = 3 })[0], together[3]);
    }

    [Fact]
    public void RowWhoseChainsAllDiverge_StopsAndSaysSo()
    {
        var lost = Run(Options with { StepSize = 10, NBeta = 1e12 })[0];
        Assert.Equal(50, lost.Draws);
        Assert.Equal(RllcStatus.Diverged, RllcEstimation.Estimate(lost, new()).Status);
    }

    [Theory, InlineData(new[] { 0, 3 }, 50), InlineData(new[] { 0, 1 }, 120), InlineData(new[] { 0 }, 120)]
    public void AntitheticRow_StopsWhereEveryPairHasLostAChain(int[] lost, int draws)
    {
        using var engine = new LosingEngine(Quadratic(), lost);
        var options = Options with { Chains = 4, Antithetic = true, TargetStandardError = 1e-9, Draws = 120 };
        var trace = new LockStepRun<double>(engine, [new("q")], new(NamedRandom.Stream(1), 1, 1), options).Run()[0];
        Assert.Equal(draws, trace.Draws);
    }

    [Fact]
    public void Progress_EndsAtTheEnd()
    {
        var seen = new List<SamplingProgress>();
        using var engine = Quadratic();
        var coarse = Options with { TargetStandardError = 0.2 };
        new LockStepRun<double>(engine, [new("q")], new(NamedRandom.Stream(1), 1, 1), coarse).Run(new Collector(seen));
        Assert.Equal(new(2020, 2020), seen[^1]);
        Assert.True(seen.Count < 2000);
    }

    /// <summary>A row that stopped at its first luckily small error would be farther from the truth
    /// than it says.</summary>
    [Fact]
    public void OverManySeeds_StoppedEstimatesSpreadAsWanted()
    {
        var options = Options with { StepSize = 0.02, BurnIn = 100, TargetStandardError = 0.1 };
        double Estimate(int seed) => RllcEstimation.Estimate(Run(options with { Seed = seed })[0], new()).Rllc;
        double[] estimates = [.. Enumerable.Range(0, 200).Select(Estimate)];
        var mean = estimates.Average();
        Assert.InRange(Math.Sqrt(estimates.Average(e => (e - mean) * (e - mean))), 0.04, 0.115);
    }

    private static IReadOnlyList<LossTrace> Run(params SgldOptions[] rows)
    {
        using var engine = Quadratic();
        SampledRow[] sampled = [.. rows.Select(options => new SampledRow(new("q", "stop"), 0, options))];
        return new LockStepRun<double>(engine, sampled, new(NamedRandom.Stream(1), 1, 1)).Run();
    }

    private static FunctionEngine Quadratic() => new([0.0, 0, 0], (_, w, gradient) =>
    {
        var loss = 0.0;
        for (var i = 0; i < w.Length; i++)
        {
            loss += w[i] * w[i] / 2;
            if (!gradient.IsEmpty) gradient[i] = w[i];
        }
        return loss;
    });

    /// <summary>Gives some chains no finite loss.</summary>
    private sealed class LosingEngine(ILossEngine<double> inner, int[] lost) : ILossEngine<double>
    {
        public int RowCount => inner.RowCount;

        public double[] CenterOf(int component) => inner.CenterOf(component);

        public double Evaluate(ReadOnlySpan<int> rows, IReadOnlyList<Walker<double>> walkers)
        {
            var baseline = inner.Evaluate(rows, walkers);
            foreach (var walker in walkers.Where(w => lost.Contains(w.Chain))) walker.Loss = double.NaN;
            return baseline;
        }

        public void Dispose() => inner.Dispose();
    }

    private sealed class Collector(List<SamplingProgress> seen) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => seen.Add(value);
    }
}
