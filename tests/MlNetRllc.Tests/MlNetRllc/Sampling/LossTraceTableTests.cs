using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Grid;
using MlNetRllc.Sampling;

namespace MlNetRllc.Tests.Sampling;

public sealed class LossTraceTableTests : IDisposable
{
    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);

    public void Dispose() => study.Dispose();

    [Fact]
    public void EveryDrawOfEveryRow_IsARow()
    {
        var sampled = Sampled(TinyStudy.Options, study.Grid(ml));
        var rows = Rows(ml.Rllc.LossTraceTable(sampled));
        Assert.Equal(16 * 2 * 5, rows.Count);
        Assert.Equal(sampled.GetColumn<double[]>("Losses").SelectMany(l => l), rows.Select(r => r.Loss));
        Assert.Equal(sampled.GetColumn<double[]>("BaselineLosses").SelectMany(b => b.Concat(b)), rows.Select(r => r.BaselineLoss));
        Assert.Equal((0, "l0h0", "docs", 1, 3), (rows[8].Step, rows[8].Component, rows[8].Dataset, rows[8].Chain, rows[8].Draw));
    }

    [Fact]
    public void Table_ComesBackFromParquet()
    {
        var table = ml.Rllc.LossTraceTable(Sampled(TinyStudy.Options, study.Grid(ml)));
        var path = Path.Combine(study.Folder, "traces.parquet");
        ml.Rllc.SaveTable(table, path);
        Assert.Equal(Rows(table).Select(Key), Rows(ml.Rllc.LoadTable(path)).Select(Key));

        static TraceDraw Key(LossTraceRow r) => new(r.Step, r.Component, r.Dataset, r.Chain, r.Draw, r.Loss, r.BaselineLoss);
    }

    private sealed record TraceDraw(
        int Step, string Component, string Dataset, int Chain, int Draw, double Loss, double BaselineLoss);

    [Fact]
    public void RowsNotSampled_GiveNoDraws()
    {
        var grid = ml.Data.LoadFromEnumerable(new[]
        {
            new GridRow { Component = "l0h0", Dataset = "docs", Checkpoint = study.PathOf(0) },
            new GridRow { Component = "l7h0", Dataset = "docs", Checkpoint = study.PathOf(0) },
        });
        Assert.All(Rows(ml.Rllc.LossTraceTable(Sampled(TinyStudy.Options, grid))), row => Assert.Equal("l0h0", row.Component));
    }

    [Fact]
    public void RowsThatStopEarly_GiveTheDrawsTheyHave_AndTheSameEstimateAsShorterOnes()
    {
        var grid = ml.Data.TakeRows(study.Grid(ml), 2);
        var options = TinyStudy.Options with { Draws = 400, BurnIn = 0, TargetStandardError = 1e3 };
        var (early, whole) = (Sampled(options, grid), Sampled(options with { Draws = 100, BurnIn = 0, TargetStandardError = null }, grid));
        Assert.Equal(Rows(ml.Rllc.LossTraceTable(whole)).Select(r => r.Loss), Rows(ml.Rllc.LossTraceTable(early)).Select(r => r.Loss));

        var estimated = ml.Rllc.EstimateRllc().Fit(early).Transform(early);
        var expected = ml.Rllc.EstimateRllc().Fit(whole).Transform(whole);
        foreach (var column in (string[])["Rllc", "RllcStdErr", "Drift", "RHat"])
            Assert.Equal(expected.GetColumn<double>(column), estimated.GetColumn<double>(column));
        Assert.DoesNotContain("failed", estimated.GetColumn<string>("Status"));
    }

    [Fact]
    public void TableWithoutLosses_IsRefusedByColumn() =>
        Assert.Contains("'Losses'", Assert.Throws<ArgumentException>(() => ml.Rllc.LossTraceTable(study.Grid(ml))).Message);

    private IDataView Sampled(SgldOptions options, IDataView grid) =>
        ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), options).Fit(study.Grid(ml)).Transform(grid);

    private List<LossTraceRow> Rows(IDataView table) => [.. ml.Data.CreateEnumerable<LossTraceRow>(table, reuseRowObject: false)];
}
