using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Grid;
using MlNetRllc.Sampling;
using MlNetRllc.Tests.Workout;

namespace MlNetRllc.Tests.Sampling;

public sealed class SampleSgldTests : IDisposable
{
    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);
    private readonly List<SweepProgress> steps = [];

    public void Dispose() => study.Dispose();

    [Fact]
    public void Rows_AreSampledInLockStep_OncePerCheckpointAndDataset()
    {
        var output = Sampled(new RowStore());
        RowDump.Of(output);
        Assert.Equal(4, Groups());
        Assert.All(steps, s => Assert.Equal(4, s.Components));
        RowDump.Of(ml.Data.FilterRowsByColumn(output, "NBeta", lowerBound: 0));
        Assert.Equal(4, Groups());
    }

    [Fact]
    public void RowsThatAFilterLeavesOut_AreNotSampled()
    {
        var output = ml.Data.FilterRowsByColumn(Sampled(new RowStore()), "StepNumber", lowerBound: 1);
        Assert.Equal(8, output.GetColumn<double>("NBeta").Count());
        Assert.Equal(2, Groups());
    }

    [Fact]
    public void StoreOnDisk_ServesALaterRun_WithTheSameBits()
    {
        var folder = Path.Combine(study.Folder, "rows");
        var first = RowDump.Of(Sampled(new RowStore(folder)));
        Assert.Equal(4, RowFiles.In(folder).Count);
        Assert.Equal(16, RowFiles.Count(folder));
        steps.Clear();
        Assert.Equal(first, RowDump.Of(Sampled(new RowStore(folder))));
        Assert.Empty(steps);
    }

    [Fact]
    public void DamagedGroup_IsSampledAnew_AndAlone()
    {
        var folder = Path.Combine(study.Folder, "rows");
        var first = RowDump.Of(Sampled(new RowStore(folder)));
        File.WriteAllText(RowFiles.In(folder)[0], "{");
        steps.Clear();
        Assert.Equal(first, RowDump.Of(Sampled(new RowStore(folder))));
        Assert.Equal(1, Groups());
        Assert.All(steps, s => Assert.Equal(4, s.Components));
    }

    [Fact]
    public void RowsThatCannotBeSampled_SayWhy_AndTheOthersGoOn()
    {
        var grid = ml.Data.LoadFromEnumerable(new[]
        {
            new GridRow { Component = "l0h0", Dataset = "docs", Checkpoint = study.PathOf(0) },
            new GridRow { Component = "l7h0", Dataset = "docs", Checkpoint = study.PathOf(0) },
            new GridRow { Component = "l0h0", Dataset = "poems", Checkpoint = study.PathOf(0) },
            new GridRow { Component = "l0h0", Dataset = "few", Checkpoint = study.PathOf(0) },
            new GridRow { Component = "l0h0", Dataset = "foreign", Checkpoint = study.PathOf(0) },
            new GridRow { Component = "l0h0", Dataset = "docs", Checkpoint = study.PathOf(9) },
        });
        var datasets = TinyStudy.Datasets(ml);
        datasets["few"] = TinyStudy.Contexts(ml, 1, count: 2);
        datasets["foreign"] = TinyStudy.Contexts(ml, 1, vocabulary: 99);
        var output = ml.Rllc.SampleSgld(datasets, TinyStudy.Options).Append(ml.Rllc.EstimateRllc())
            .Fit(study.Grid(ml)).Transform(grid);
        Assert.Collection(output.GetColumn<string>("SampleStatus"),
            Assert.Empty,
            s => Assert.Contains("'l7h0' is unknown", s, StringComparison.Ordinal),
            s => Assert.Contains("'poems' is unknown; there are: docs, code", s, StringComparison.Ordinal),
            s => Assert.Contains("has 2 contexts, fewer than a batch of 4", s, StringComparison.Ordinal),
            s => Assert.Contains("the model's vocabulary has 16 tokens", s, StringComparison.Ordinal),
            s => Assert.Contains("step_9.safetensors does not exist", s, StringComparison.Ordinal));
        Assert.Equal(Enumerable.Repeat("failed", 5), output.GetColumn<string>("Status").Skip(1));
    }

    [Fact]
    public void AntitheticChains_AreSaidInAColumn_ThatTheEstimateReads()
    {
        var (grid, options) = (study.Grid(ml), TinyStudy.Options with { Chains = 4, Draws = 12, BurnIn = 0, Antithetic = true });
        var sampled = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), options).Fit(grid).Transform(grid);
        Assert.All(sampled.GetColumn<bool>("Antithetic"), Assert.True);

        IDataView Estimated(IDataView rows) => ml.Rllc.EstimateRllc().Fit(rows).Transform(rows);
        var without = Estimated(ml.Transforms.DropColumns("Antithetic").Fit(sampled).Transform(sampled));
        Assert.Equal(without.GetColumn<double>("Rllc"), Estimated(sampled).GetColumn<double>("Rllc"));
        Assert.All(without.GetColumn<double>("Ess").Zip(Estimated(sampled).GetColumn<double>("Ess")), ess =>
            Assert.NotEqual(ess.First, ess.Second));

        var path = Path.Combine(study.Folder, "traces.parquet");
        ml.Rllc.SaveTable(sampled, path);
        Assert.Equal(Estimated(sampled).GetColumn<double>("Ess"), Estimated(ml.Rllc.LoadTable(path)).GetColumn<double>("Ess"));
    }

    [Fact]
    public void StepBias_IsSaidOfEveryRowThatWasSampled()
    {
        var grid = ml.Data.LoadFromEnumerable(new[]
        {
            new GridRow { Component = "l0h0", Dataset = "docs", Checkpoint = study.PathOf(0) },
            new GridRow { Component = "l7h0", Dataset = "docs", Checkpoint = study.PathOf(0) },
        });
        double[] Biases(bool exact) => [.. ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options with { ExactPull = exact })
            .Append(ml.Rllc.EstimateRllc()).Fit(study.Grid(ml)).Transform(grid).GetColumn<double>("StepBias")];
        Assert.Equal([TinyStudy.Options.StepBias(), double.NaN], Biases(exact: false));
        Assert.Equal([0, double.NaN], Biases(exact: true));
    }

    [Fact]
    public void ChainsThatMoveByRoundingAlone_AreNotOk_AndTheLogSaysThatNoNoiseIsNoSampler()
    {
        List<string> lines = [];
        var context = new MLContext();
        context.Log += (_, e) => { lock (lines) lines.Add(e.Message); };
        var (grid, options) = (study.Grid(context), TinyStudy.Options with { Chains = 4, Draws = 60, NoiseLevel = 0, StepSize = 1e-12 });
        var output = context.Rllc.SampleSgld(TinyStudy.Datasets(context), options).Append(context.Rllc.EstimateRllc())
            .Fit(grid).Transform(grid);
        Assert.All(output.GetColumn<string>("Status"), status => Assert.Equal("not-converged", status));
        Assert.Contains(lines, line => line.Contains("noise level is 0", StringComparison.Ordinal));
    }

    [Fact]
    public void Cancellation_StopsTheSweep()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var grid = study.Grid(ml);
        var output = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options, cancellation: cancelled.Token).Fit(grid).Transform(grid);
        Assert.ThrowsAny<OperationCanceledException>(() => RowDump.Of(output));
    }

    [Fact]
    public void ReferenceModel_TravelsWithTheModelFile()
    {
        var reference = Path.Combine(study.Folder, "reference.safetensors");
        File.Copy(study.PathOf(1), reference);
        var grid = study.Grid(ml);
        var fitted = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options, reference: reference).Fit(grid);
        var expected = RowDump.Of(fitted.Transform(grid));
        Assert.NotEqual(RowDump.Of(ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options).Fit(grid).Transform(grid)), expected);

        var file = Path.Combine(study.Folder, "sampler.zip");
        ml.Model.Save(fitted, grid.Schema, file);
        File.Delete(reference);
        Assert.Equal(expected, RowDump.Of(new MLContext().Model.Load(file, out _).Transform(grid)));
    }

    [Fact]
    public void LossSlots_AreNamedByChainAndDraw()
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        Sampled(new RowStore()).Schema["Losses"].GetSlotNames(ref names);
        Assert.Equal(["chain0 draw0", "chain0 draw1"], names.DenseValues().Take(2).Select(n => n.ToString()));
        Assert.Equal("chain1 draw4", names.DenseValues().Last().ToString());
    }

    private IDataView Sampled(RowStore store)
    {
        var grid = study.Grid(ml);
        return ml.Transforms.Conversion.ConvertType("StepNumber", "Step", DataKind.Single)
            .Append(ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options, store, new Listener(steps))).Fit(grid).Transform(grid);
    }

    private int Groups() => steps.Select(s => (s.Checkpoint, s.Dataset)).Distinct().Count() is var distinct
        && steps.Count(s => s.Step == s.Steps) == distinct ? distinct : -1;

    private sealed class Listener(List<SweepProgress> told) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => told.Add(value);
    }
}
