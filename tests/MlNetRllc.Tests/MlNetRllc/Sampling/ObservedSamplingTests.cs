using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Patterns;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Estimation;
using MlNetRllc.Grid;
using MlNetRllc.Sampling;

namespace MlNetRllc.Tests.Sampling;

/// <summary>Probe sets beside SampleSgld, and the rLLCs by pattern that follow from them.</summary>
public sealed class ObservedSamplingTests : IDisposable
{
    private static readonly SgldOptions Options = TinyStudy.Options with { Draws = 12, BurnIn = 0, Chains = 4 };

    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);
    private readonly List<SweepProgress> steps = [];

    public void Dispose() => study.Dispose();

    [Fact]
    public void Patterns_AreARowEach_AndTheRestOfTheTableIsAsBefore()
    {
        var (sampled, plain) = (Sampled(TinyProbes.Sets), Sampled([]));
        Assert.Equal(plain.GetColumn<double[]>("Losses"), sampled.GetColumn<double[]>("Losses"));
        var rows = Rows(sampled);
        Assert.Equal(16 * 5, rows.Count);
        Assert.Equal(
            ["prose all", "prose even", "prose hard", "prose none", "short all"], rows.Take(5).Select(r => $"{r.Probe} {r.Pattern}"));
        Assert.All(rows, r => Assert.Equal(r.Pattern == "none" ? "missing" : r.Status, r.Status));
        Assert.All(rows.Where(r => r.Pattern == "all"), r => Assert.True(double.IsNaN(r.QValue) && r.Profile is 1 or double.NaN));
        Assert.All(rows.Where(r => r.Pattern == "even"), r => Assert.False(r.QValue < r.PValue || r.BaselineLoss < 1));
    }

    [Fact]
    public void StoreOnDisk_ServesALaterRun_WithTheSameBits()
    {
        var folder = Path.Combine(study.Folder, "rows");
        var first = Rows(Sampled(TinyProbes.Sets, new RowStore(folder))).Select(Line).ToList();
        steps.Clear();
        Assert.Equal(first, Rows(Sampled(TinyProbes.Sets, new RowStore(folder))).Select(Line));
        Assert.Empty(steps);
        Assert.Equal(first, Rows(Sampled(TinyProbes.Sets)).Select(Line));
    }

    [Fact]
    public void PatternAddedLater_SamplesAgain_AndLosesNothing()
    {
        var store = new RowStore(Path.Combine(study.Folder, "rows"));
        var before = Rows(Sampled([TinyProbes.Prose()], store)).Select(r => (r.Pattern, r.Rllc)).ToList();
        steps.Clear();
        var more = Rows(Sampled([TinyProbes.Prose(new LossRange("easy", "below 2 nats", 0, 2))], store));
        Assert.NotEmpty(steps);
        Assert.Equal(before, more.Where(r => r.Pattern != "easy").Select(r => (r.Pattern, r.Rllc)));
    }

    [Fact]
    public void Traces_GiveTheSamePatternsFromParquet()
    {
        var sampled = Sampled(TinyProbes.Sets, every: 5);
        var path = Path.Combine(study.Folder, "traces.parquet");
        ml.Rllc.SaveTable(sampled, path);
        Assert.Equal(Rows(sampled).Select(Line), Rows(ml.Rllc.LoadTable(path)).Select(Line));
    }

    [Fact]
    public void RowThatStoppedEarly_HasTheObservationsOfAShorterOne()
    {
        var early = Sampled(TinyProbes.Sets, options: Options with { Draws = 400, BurnIn = 0, TargetStandardError = 1e3 }, every: 7);
        var shorter = Sampled(TinyProbes.Sets, options: Options with { Draws = 100 }, every: 7);
        Assert.Equal(Rows(shorter).Select(Line), Rows(early).Select(Line));
    }

    [Theory]
    [InlineData(KeptTokens.Batches, 3, 4)]
    [InlineData(KeptTokens.Draws, 12, 1)]
    public void KeptTokens_AreAParquetFileForEachRowAndProbe(KeptTokens kept, int batches, int draws)
    {
        var folder = Path.Combine(study.Folder, "rows");
        var observation = new ObservableOptions { Tokens = kept, Batches = 3 };
        var grid = ml.Data.TakeRows(study.Grid(ml), 2);
        var sampled = Sampled(TinyProbes.Sets, new RowStore(folder), grid, observation);
        var means = sampled.GetColumn<double[]>("Observed.short").ToList();
        var files = Directory.GetFiles(folder, "*.tokens.parquet", SearchOption.AllDirectories);
        Assert.Equal(2 * 2, files.Length);
        Assert.DoesNotContain(
            Directory.GetFiles(folder, "*", SearchOption.AllDirectories), f => f.EndsWith(".part", StringComparison.Ordinal));
        bool IsShort(IDataView table) => ((VectorDataViewType)table.Schema["Differences"].Type).Size == 6 * 4;
        var tables = files.Select(ml.Rllc.LoadTable).Where(IsShort).ToList();
        Assert.Equal(2, tables.Count);
        foreach (var table in tables)
        {
            Assert.Equal(4 * batches, table.GetColumn<int>("Chain").Count());
            Assert.All(table.GetColumn<int>("Draws"), d => Assert.Equal(draws, d));
        }
        // A chain's batches add up to its draws: the row is one of the two.
        var first = tables[0].GetColumn<float[]>("Differences").Where((_, i) => i % 4 == 0).Average(tokens => tokens.Average());
        Assert.Contains(means, own => Math.Abs(own.Take(12).Average() - first) < 1e-6);
    }

    [Fact]
    public void PatternAddedLater_IsFoundInKeptDraws_AndNothingIsSampled()
    {
        var store = new RowStore(Path.Combine(study.Folder, "rows"));
        var (grid, kept) = (ml.Data.TakeRows(study.Grid(ml), 4), new ObservableOptions { Tokens = KeptTokens.Draws, Every = 2 });
        Rows(Sampled([TinyProbes.Prose()], store, grid, kept));
        steps.Clear();
        var easy = TinyProbes.Prose(new LossRange("easy", "below 2.7 nats", 0, 2.7));
        var later = Rows(Sampled([easy], store, grid, kept));
        Assert.Empty(steps);
        var anew = Rows(Sampled([easy], grid: grid, every: 2));
        Assert.Equal(anew.Select(r => $"{r.Component} {r.Pattern} {r.Tokens} {r.Status}"),
            later.Select(r => $"{r.Component} {r.Pattern} {r.Tokens} {r.Status}"));
        Assert.All(anew.Zip(later), pair => Assert.Equal(pair.First.Rllc, pair.Second.Rllc, 1e-5));
        Assert.Equal(later.Select(Line), Rows(Sampled([easy], store, grid, kept)).Select(Line));
    }

    [Fact]
    public void TokenFileThatIsGone_IsMadeAgain()
    {
        var folder = Path.Combine(study.Folder, "rows");
        var (grid, kept) = (ml.Data.TakeRows(study.Grid(ml), 1), new ObservableOptions { Tokens = KeptTokens.Batches });
        var first = Rows(Sampled(TinyProbes.Sets, new RowStore(folder), grid, kept)).Select(Line).ToList();
        File.Delete(Directory.GetFiles(folder, "*.tokens.parquet", SearchOption.AllDirectories)[0]);
        steps.Clear();
        Assert.Equal(first, Rows(Sampled(TinyProbes.Sets, new RowStore(folder), grid, kept)).Select(Line));
        Assert.NotEmpty(steps);
        Assert.Equal(2, Directory.GetFiles(folder, "*.tokens.parquet", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void TokensWithoutAFolder_AreRefusedAtOnce()
    {
        var kept = new ObservableOptions { Tokens = KeptTokens.Draws };
        var refused = Assert.Throws<ArgumentException>(() => Estimator(TinyProbes.Sets, new RowStore(), kept));
        Assert.Contains("give SampleSgld a RowStore with a folder", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProbeThatIsSampledToo_IsRefusedByFit()
    {
        var contexts = TinyStudy.Contexts(ml, 1).GetColumn<int[]>("Tokens").First();
        var shared = new ProbeSet("mine", new("mine", contexts, contexts.Length));
        var refused = Assert.Throws<ArgumentException>(() => Estimator([shared], new()).Fit(study.Grid(ml)));
        Assert.Contains("'mine' is context 0 of the sampled dataset", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(Estimator([shared], new(), new() { AllowShared = true }).Fit(study.Grid(ml)));
    }

    [Fact]
    public void RowThatCannotBeSampled_SaysWhyInEveryPattern()
    {
        var grid = ml.Data.LoadFromEnumerable(new[]
        {
            new GridRow { Component = "l0h0", Dataset = "docs", Checkpoint = study.PathOf(0) },
            new GridRow { Component = "l7h0", Dataset = "docs", Checkpoint = study.PathOf(0) },
        });
        var rows = Rows(Sampled(TinyProbes.Sets, grid: grid));
        Assert.All(rows.Skip(5), r => Assert.Equal("failed", r.Status));
        Assert.All(rows.Skip(5), r => Assert.Contains("'l7h0' is unknown", r.StatusReason, StringComparison.Ordinal));
        Assert.True(double.IsFinite(rows[0].Rllc));
    }

    [Fact]
    public void TableWithoutProbes_IsRefused()
    {
        var refused = Assert.Throws<ArgumentException>(() => ml.Rllc.EstimatePatternRllc(Sampled([])));
        Assert.Contains("give SampleSgld probe sets", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProbeSetOfATable_HasItsPatternsAndRulesOfOnesOwn()
    {
        var contexts = ml.Data.TakeRows(TinyStudy.Contexts(ml, 7), 3);
        var rules = new Dictionary<string, PatternRule> { ["third"] = (_, position) => position == 3 };
        var set = ml.Rllc.ProbeSet("mine", contexts, new() { Patterns = ["inductionRight", "hard"] }, rules: rules);
        Assert.Equal(["inductionRight", "hard", "third"], set.Patterns.Select(p => p.Name));
        var rows = Rows(Sampled([set], grid: ml.Data.TakeRows(study.Grid(ml), 1)));
        Assert.Equal((3, "mine"), (rows.Single(r => r.Pattern == "third").Tokens, rows[0].Probe));
        Assert.Contains("cannot be found", Assert.Throws<ArgumentException>(
            () => ml.Rllc.ProbeSet("mine", contexts, new() { Patterns = ["digits"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AntitheticChains_TellTheShareOfTheData()
    {
        var rows = Rows(Sampled(TinyProbes.Sets, options: Options with { Antithetic = true }));
        Assert.All(rows.Where(r => r.Pattern != "none"), r => Assert.True(double.IsFinite(r.DataShare) && r.DataShareStdErr > 0));
        Assert.All(Rows(Sampled(TinyProbes.Sets)), r => Assert.Equal(double.NaN, r.DataShare));
    }

    [Fact]
    public void Estimate_TellsTheShareOfTheDataOfTheFirstProbeSet()
    {
        var sampled = Sampled(TinyProbes.Sets, options: Options with { Antithetic = true });
        var estimated = ml.Rllc.EstimateRllc().Fit(sampled).Transform(sampled);
        var expected = Rows(sampled).Where(r => r is { Probe: "prose", Pattern: "all" }).Select(r => (r.DataShare, r.DataShareStdErr));
        Assert.Equal(expected, estimated.GetColumn<double>("DataShare").Zip(estimated.GetColumn<double>("DataShareStdErr")));

        var plain = Sampled([], options: Options with { Antithetic = true });
        var shares = ml.Rllc.EstimateRllc().Fit(plain).Transform(plain).GetColumn<double>("DataShare");
        Assert.All(shares, share => Assert.Equal(double.NaN, share));
    }

    private static string Line(PatternRllcRow r) => FormattableString.Invariant(
        $"{r.Step} {r.Component} {r.Dataset} {r.Probe} {r.Pattern} {r.Tokens} {r.BaselineLoss} {r.Rllc} {r.RllcStdErr} {r.TextStdErr} ")
        + FormattableString.Invariant(
            $"{r.RHat} {r.Ess} {r.Profile} {r.ProfileStdErr} {r.ProfileTextStdErr} {r.PValue} {r.QValue} {r.Status}");

    private List<PatternRllcRow> Rows(IDataView sampled) =>
        [.. ml.Data.CreateEnumerable<PatternRllcRow>(ml.Rllc.EstimatePatternRllc(sampled), reuseRowObject: false)];

    private SgldSamplingEstimator Estimator(IReadOnlyList<ProbeSet> probes, RowStore store, ObservableOptions? observation = null) =>
        ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), Options, store, probes: probes, observation: observation);

    private IDataView Sampled(
        IReadOnlyList<ProbeSet> probes, RowStore? store = null, IDataView? grid = null, ObservableOptions? observation = null,
        SgldOptions? options = null, int every = 1)
    {
        var progress = new Immediate(steps.Add);
        return ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), options ?? Options, store ?? new RowStore(), progress, probes: probes,
            observation: observation ?? new() { Every = every }).Fit(study.Grid(ml)).Transform(grid ?? study.Grid(ml));
    }

    private sealed class Immediate(Action<SweepProgress> report) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => report(value);
    }
}
