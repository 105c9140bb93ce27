using System.Globalization;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>A study observes probe sets while it samples, and says which tokens heads answer to.</summary>
public sealed class ProbeStudyTests
{
    private const string Yaml = """
        version: 1
        name: tiny
        seed: 1
        datasets: { docs: docs.jsonl, code: code.jsonl }
        probes:
          prose: { of: docs, contexts: 12, patterns: [wordStart, inductionNew, hard] }
          again: { of: docs, question: repeated, contexts: 6, length: 13 }
          mixed: { of: code, question: shuffled, contexts: 6, seed: 3 }
        steps:
          contexts:
            tokenize: { text: docs, vocabularySize: 300, contextLength: 16 }
          model:
            train: { contexts: contexts, layers: 2, heads: 2, modelWidth: 16, headWidth: 8, steps: 20, batchSize: 8,
              learningRate: 3e-3, checkpoints: { logarithmic: 3 } }
          traces:
            sample: { model: model, components: [heads], datasets: [docs, code], chains: 2, draws: 8, burnIn: 0, batchSize: 4,
              contextsPerDataset: 40, probes: [prose, again], observe: { every: 2 } }
          rllc:
            estimate: { traces: traces }
          patterns:
            patterns: { traces: traces }
          report:
            report: { rllc: rllc, patterns: patterns }
        """;

    [Fact]
    public void Patterns_HaveACellEach()
    {
        using var study = new ReducedStudy(Yaml);
        var run = study.Run();
        Assert.Equal(("finished", ""), (run.State, string.Join('\n', run.Problems)));
        Assert.Matches("again observed: 6 contexts, 2 patterns; prose observed: 12 contexts, 3 patterns$", SummaryOf(run, "traces"));
        Assert.Matches(@"^224 cells: .*; [\d,]+ ok with q < 0\.05$", SummaryOf(run, "patterns"));
        var rows = Rows(study);
        // 4 checkpoints x 4 heads x 2 datasets, and of each the patterns and the whole sets.
        var cells = rows.GroupBy(r => (Probe: r["Probe"], Pattern: r["Pattern"])).ToDictionary(g => g.Key, g => g.ToList());
        Assert.Equal(
            ["again all", "again firstCopy", "again secondCopy", "prose all", "prose hard", "prose inductionNew", "prose wordStart"],
            cells.Keys.Select(k => $"{k.Probe} {k.Pattern}").Order(StringComparer.Ordinal));
        Assert.All(cells.Values, cell => Assert.Equal(32, cell.Count));
        Assert.Equal(("180", "72"), (cells[("prose", "all")][0]["Tokens"], cells[("again", "all")][0]["Tokens"]));
        Assert.Equal("30", cells[("again", "secondCopy")][0]["Tokens"]);
        Assert.Contains("secondCopy", File.ReadAllText(study.At("runs", "tiny", "report.html")), StringComparison.Ordinal);
        Assert.All(cells[("prose", "all")], row => Assert.True(double.IsFinite(Number(row["Rllc"]))));
    }

    [Fact]
    public void ObservingChangesNoCoefficient()
    {
        using var study = new ReducedStudy(Yaml);
        study.Run();
        var observed = study.Table("rllc.csv");
        var start = Yaml.IndexOf("  patterns:\n", StringComparison.Ordinal);
        File.WriteAllText(study.PipelineFile, Yaml.ReplaceLineEndings("\n")[..start]
            .Replace(", probes: [prose, again], observe: { every: 2 }", "", StringComparison.Ordinal));
        study.Run("plain");
        Assert.Equal(study.Table("rllc.csv", "plain"), observed);
    }

    [Fact]
    public void FurtherProbeSet_SamplesAnew_AndLeavesTheOthersAsTheyWere()
    {
        using var study = new ReducedStudy(Yaml);
        study.Run();
        var before = study.Table("patterns.csv").Split('\n').Where(line => line.Contains(",prose,all,", StringComparison.Ordinal));
        string[] more = ["traces.probes=[prose, again, mixed]"];
        var pipeline = StepKinds.Reader.Read(study.PipelineFile, more);
        var plan = StudyPlan.PlanOf(pipeline, study.At("runs", "tiny"));
        Assert.Equal(["cached", "cached", "stale", "stale", "stale", "stale"], plan.Select(s => s.State));
        Assert.StartsWith("probes changed", plan[2].Why, StringComparison.Ordinal);
        Assert.Equal(["traces", "rllc", "patterns", "report"], ReducedStudy.Done(study.Run(set: more)));
        var after = study.Table("patterns.csv").Split('\n').Where(line => line.Contains(",prose,all,", StringComparison.Ordinal));
        Assert.Equal(before, after);
    }

    [Fact]
    public void RowsThatWereSampled_AreFoundAgain_AfterAKill()
    {
        using var study = new ReducedStudy(Yaml);
        study.Run("undisturbed");
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<Exception>(() => study.Run(display: new CancelAfterARow(source), cancellation: source.Token));
        Assert.False(File.Exists(study.At("runs", "tiny", "tables", "traces.parquet")));
        Assert.NotEmpty(Directory.GetFiles(study.At("runs"), "*.rows", SearchOption.AllDirectories));
        study.Run();
        Assert.Equal(study.Tables("undisturbed"), study.Tables());
    }

    [Fact]
    public void SecondRun_ReadsThePatternsBack()
    {
        using var study = new ReducedStudy(Yaml);
        var first = study.Run();
        var record = study.Run(set: "report.drllc=rllc");
        Assert.Equal(["report"], ReducedStudy.Done(record));
        Assert.Equal(SummaryOf(first, "patterns"), SummaryOf(record, "patterns"));
        Assert.Equal(["patterns", "report"], ReducedStudy.Done(study.Run(set: ["patterns.resamples=50", "report.drllc=rllc"])));
    }

    [Fact]
    public void KeptTokens_LieBesideTheirRows_AndAreRemovedWithThem()
    {
        using var study = new ReducedStudy(Yaml.Replace("every: 2", "every: 2, tokens: batches, batches: 2", StringComparison.Ordinal));
        int Kept() => Directory.GetFiles(study.At("runs"), "*.tokens.parquet", SearchOption.AllDirectories).Length;
        study.Run(options: new() { Only = ["contexts", "model", "traces"] }, set: "traces.seed=5");
        // A file each row and probe set.
        Assert.Equal(64, Kept());
        study.Run();
        Assert.Equal(128, Kept());
        Assert.Contains("tiny: 32 rows", RunnerProcess.Run(study.Folder, ["gc"]).Output, StringComparison.Ordinal);
        Assert.Equal(64, Kept());
        Assert.Empty(ReducedStudy.Done(study.Run()));
    }

    [Theory]
    [InlineData("contexts: 12", "contexts: 5000", "the probe set 'prose' asks for 5,000 contexts of 'docs', which has ")]
    [InlineData("contextsPerDataset: 40", "contextsPerDataset: 3",
        "the dataset 'docs' has 3 contexts besides probe sets, fewer than a batch of 4")]
    public void TooLittleText_IsRefused(string from, string to, string expected)
    {
        using var study = new ReducedStudy(Yaml.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(expected, $"{Assert.ThrowsAny<Exception>(() => study.Run())}", StringComparison.Ordinal);
    }

    private static string SummaryOf(RunRecord run, string step) => run.Steps.Single(s => s.Name == step).Summary;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static List<Dictionary<string, string>> Rows(ReducedStudy study)
    {
        var lines = study.Table("patterns.csv").Trim().Split('\n').Select(line => line.TrimEnd('\r').Split(',')).ToList();
        return [.. lines.Skip(1).Select(row => lines[0].Zip(row).ToDictionary(c => c.First, c => c.Second, StringComparer.Ordinal))];
    }

    private sealed class CancelAfterARow(CancellationTokenSource source) : IStudyDisplay
    {
        public void Show(Action work) => work();

        public void Begin(string step, string what)
        {
        }

        public void Progress(string step, double share, string now)
        {
            if (step == "traces" && now.EndsWith("rows", StringComparison.Ordinal)) source.Cancel();
        }

        public void End(string step, string summary, TimeSpan time)
        {
        }
    }
}
