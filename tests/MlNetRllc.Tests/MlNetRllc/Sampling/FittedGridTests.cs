using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Grid;
using MlNetRllc.Sampling;

namespace MlNetRllc.Tests.Sampling;

/// <summary>What <c>Fit</c> says of a grid, and what it computes.</summary>
public sealed class FittedGridTests : IDisposable
{
    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);
    private readonly List<SweepProgress> steps = [];

    public void Dispose() => study.Dispose();

    [Theory]
    [InlineData("dcs", "the dataset 'dcs' (8 of 8 rows) is none of those given to it. Did you mean 'docs'?")]
    [InlineData("poems", "is none of those given to it. Valid are: docs, code.")]
    public void UnknownDataset_IsRefused_WithTheNearestName(string dataset, string told)
    {
        var grid = ml.Rllc.EstimationGrid(study.Checkpoints(ml), components: ["heads"], datasets: [dataset]);
        var refused = Assert.Throws<ArgumentException>(() => Sampler().Fit(grid));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Sampler().Append(ml.Rllc.EstimateRllc()).Fit(grid));
    }

    [Fact]
    public void UnknownComponent_IsRefused_WithTheNearestName()
    {
        var refused = Assert.Throws<ArgumentException>(() => Sampler().Fit(Grid("l0h5", study.PathOf(0))));
        Assert.Contains("SampleSgld, of step_0.safetensors: The component 'l0h5' is unknown.", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("Did you mean 'l0h0'?", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckpointThatIsNotThere_IsRefused_WithTheNearestFile()
    {
        var refused = Assert.Throws<FileNotFoundException>(() => Sampler().Fit(Grid("l0h0", study.PathOf(9))));
        Assert.EndsWith("step_9.safetensors (1 of 1 rows) does not exist. Did you mean 'step_0.safetensors'?", refused.Message,
            StringComparison.Ordinal);
        var elsewhere = Path.Combine(study.Folder, "lost", "step_0.safetensors");
        Assert.Contains("There is no folder", Assert.Throws<FileNotFoundException>(() => Sampler().Fit(Grid("l0h0", elsewhere))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedCheckpoint_IsItsRowsToSay()
    {
        var path = Path.Combine(study.Folder, "damaged.safetensors");
        File.WriteAllText(path, "cut");
        var grid = Grid("l0h0", path);
        var status = Sampler().Fit(grid).Transform(grid).GetColumn<string>("SampleStatus").Single();
        Assert.Contains("it is cut short", status, StringComparison.Ordinal);
    }

    [Fact]
    public void StudyWithoutClusters_SamplesWhenAnEstimateIsRead_AndOnce()
    {
        var grid = study.Grid(ml);
        var rows = Sampler().Append(ml.Rllc.EstimateRllc()).Fit(grid).Transform(grid);
        Assert.Equal(16, rows.GetColumn<int>("Step").Count());
        Assert.Empty(steps);
        Assert.True(double.IsFinite(rows.GetColumn<double>("Rllc").First()));
        Assert.Single(steps.Select(s => (s.Checkpoint, s.Dataset)).Distinct());
        var read = rows.GetColumn<double>("Rllc").ToList();
        var before = steps.Count;
        Assert.Equal(read, rows.GetColumn<double>("Rllc"));
        Assert.Equal(before, steps.Count);
    }

    [Fact]
    public void StudyWithClusters_SamplesAllInFit()
    {
        var grid = study.Grid(ml);
        var fitted = Sampler().Append(ml.Rllc.EstimateRllc()).Append(ml.Rllc.ClusterTrajectories(clusters: 2)).Fit(grid);
        Assert.Equal(2, steps.Select(s => s.Checkpoint).Distinct().Count());
        var before = steps.Count;
        Assert.Equal(16, fitted.Transform(grid).GetColumn<double>("Rllc").Count(double.IsFinite));
        Assert.Equal(before, steps.Count);
    }

    private IDataView Grid(string component, string checkpoint) =>
        ml.Data.LoadFromEnumerable([new GridRow { Component = component, Dataset = "docs", Checkpoint = checkpoint }]);

    private SgldSamplingEstimator Sampler() => ml.Rllc.SampleSgld(
        TinyStudy.Datasets(ml), TinyStudy.Options, progress: new Immediate(steps.Add));

    private sealed class Immediate(Action<SweepProgress> tell) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => tell(value);
    }
}
