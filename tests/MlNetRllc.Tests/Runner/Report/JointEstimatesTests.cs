using Microsoft.ML;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Runner.Tables;
using MlNetRllc.Testing;
using MlNetRllc.Tests.Core.Estimation;

namespace MlNetRllc.Tests.Runner.Report;

public sealed class JointEstimatesTests
{
    private static readonly EstimationOptions Defaults = new();

    private static EstimatedTrace Trace(string component, string dataset, double[] losses, int draws)
    {
        var chains = losses.Length / draws;
        return new(0, component, dataset, 1, chains, draws, losses, new double[draws], [.. new double[chains]]);
    }

    private static RllcRow Estimated(EstimatedTrace trace)
    {
        var e = RllcEstimation.Estimate(trace.ToLossTrace(), Defaults);
        return new()
        {
            Step = 0, Component = trace.Component, Dataset = trace.Dataset, Rllc = e.Rllc, RllcStdErr = e.RllcStdErr,
            RHat = e.RHat, Ess = e.Ess, Geweke = e.Geweke, NegativeShare = e.NegativeShare, Drift = e.Drift,
            Status = "ok", StatusReason = "",
        };
    }

    [Fact]
    public void HeadsThatMetTheSameNoise_MeanHasTheErrorOfOne()
    {
        var losses = new SimulatedChains(1).Differences(4, 50, 0.5, 0.5, 0.5);
        EstimatedTrace[] traces = [.. new[] { "l0h0", "l0h1", "l0h2", "l0h3" }.Select(h => Trace(h, "docs", losses, 50))];
        var rows = traces.Select(Estimated).ToList();
        var joint = new JointEstimates(rows, traces, Defaults);

        Assert.True(joint.AreJoint);
        var mean = joint.Mean(["l0h0", "l0h1", "l0h2", "l0h3"], "docs");
        Assert.Equal(rows[0].Rllc, mean.Value, 1e-9);
        Assert.Equal(rows[0].RllcStdErr, mean.StdErr, 1e-9);
    }

    [Fact]
    public void DatasetsThatShareTheNoise_DifferenceHasNone()
    {
        var losses = new SimulatedChains(2).Differences(4, 50, 0.5, 0.5, 0.5);
        EstimatedTrace[] traces = [Trace("l0h0", "docs", losses, 50), Trace("l0h0", "code", [.. losses.Select(v => v + 2)], 50)];
        var difference = new JointEstimates(traces.Select(Estimated), traces, Defaults).MeanDifference(["l0h0"], "code", "docs");

        Assert.Equal(2, difference.Value, 1e-9);
        Assert.Equal(0, difference.StdErr, 1e-6);
    }

    [Fact]
    public void TracesOfAnEarlierVersion_AreThoseOfSingleChains_AndPairsAreReadAsPairs()
    {
        var ml = new MLContext();
        var grid = KnownTraces.Grid(ml, [new(0, "l0h0", "docs", 2)]);
        var paired = ml.Transforms.CustomMapping<Nothing, Pairs>((_, pairs) => pairs.Antithetic = true, null).Fit(grid).Transform(grid);
        bool IsPaired(IDataView traces) => Assert.Single(new EstimatedRows(traces, traces).ReadTraces(ml)).ToLossTrace().Antithetic;
        Assert.False(IsPaired(grid));
        Assert.True(IsPaired(paired));
    }

    [Fact]
    public void TracesOfPairsAndOfSingleChains_AreTakenAsIndependent_AndPairsAloneAsPairs()
    {
        var simulation = new SimulatedChains(4);
        EstimatedTrace[] pairs = [.. new[] { "l0h0", "l0h1" }.Select(h =>
            Trace(h, "docs", simulation.Differences(4, 50, 0.5, 0.5, 0.5), 50) with { Antithetic = true })];
        EstimatedTrace[] mixed = [pairs[0], pairs[1] with { Antithetic = false }];
        Assert.False(new JointEstimates(mixed.Select(Estimated), mixed, Defaults).AreJoint);

        var joint = new JointEstimates(pairs.Select(Estimated), pairs, Defaults);
        Assert.True(joint.AreJoint);
        var wanted = CombinedRllc.WeightedSum([.. pairs.Select(t => (t.ToLossTrace(), 0.5))], Defaults);
        Assert.Equal(wanted.StdErr, joint.Mean(["l0h0", "l0h1"], "docs").StdErr, 1e-12);
        Assert.True(pairs[0].ToLossTrace().Antithetic);
    }

    [Fact]
    public void TracesOfDifferentSizes_AreTakenAsIndependent()
    {
        var simulation = new SimulatedChains(3);
        EstimatedTrace[] traces =
        [
            Trace("l0h0", "docs", simulation.Differences(4, 50, 0.5, 0.5, 0.5), 50),
            Trace("l0h1", "docs", simulation.Differences(4, 40, 0.5, 0.5, 0.5), 40),
        ];
        var rows = traces.Select(Estimated).ToList();
        var joint = new JointEstimates(rows, traces, Defaults);

        Assert.False(joint.AreJoint);
        var mean = joint.Mean(["l0h0", "l0h1"], "docs");
        Assert.Equal((rows[0].Rllc + rows[1].Rllc) / 2, mean.Value, 1e-9);
        Assert.Equal(double.Hypot(rows[0].RllcStdErr, rows[1].RllcStdErr) / 2, mean.StdErr, 1e-9);
    }

    [Fact]
    public void MissingEstimate_MakesTheMeanMissing()
    {
        var trace = Trace("l0h0", "docs", new SimulatedChains(4).Differences(4, 50, 0.5, 0.5, 0.5), 50);
        Assert.Equal(double.NaN, new JointEstimates([Estimated(trace)], [trace], Defaults).Mean(["l0h0", "l0h1"], "docs").Value);
    }

    private sealed class Nothing;

    private sealed class Pairs
    {
        public bool Antithetic { get; set; }
    }
}
