using System.Globalization;
using System.Text.Json;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>The paper's analysis, reduced: every kind of step in one file. Tests that only look share one run.</summary>
public sealed class AnalysisStudyTests(AnalysisStudyTests.FirstRun first) : IClassFixture<AnalysisStudyTests.FirstRun>
{
    internal const string Yaml = """
        version: 1
        name: tiny
        seed: 1
        datasets: { docs: docs.jsonl, code: code.jsonl }
        steps:
          contexts:
            tokenize: { text: docs, vocabularySize: 300, contextLength: 24 }
          model:
            train: { contexts: contexts, layers: 2, heads: 2, modelWidth: 16, headWidth: 8, steps: 30, batchSize: 8,
              learningRate: 3e-3, checkpoints: { logarithmic: 6 } }
          shallow:
            train: { contexts: contexts, layers: 1, heads: 2, modelWidth: 16, headWidth: 8, steps: 20, batchSize: 8,
              learningRate: 3e-3, checkpoints: { logarithmic: 2 } }
          traces:
            sample: { model: model, components: [heads, full], datasets: [docs, code], chains: 2, draws: 8, burnIn: 0, batchSize: 4 }
          rllc:
            estimate: { traces: traces, maxRHat: 100, minEss: 0, driftErrors: 1e6, maxTransient: 1e6, negativeErrors: 1e6 }
          against-shallow:
            sample: { model: model, reference: shallow, components: [heads], datasets: [docs],
              chains: 2, draws: 8, burnIn: 0, batchSize: 4 }
          rllc-against-shallow:
            estimate: { traces: against-shallow }
          whole:
            sample: { model: model, components: [full], datasets: [docs, code], checkpointCount: 2,
              chains: 2, draws: 8, burnIn: 0, batchSize: 4 }
          drllc:
            estimate: { traces: whole }
          scores:
            score:
              model: model
              text: docs
              scoring: { sequences: 4, ablationContexts: 4, modelContexts: 4, words: 8 }
              patterns: { contexts: 4, tokens: 20, leastCount: 2 }
              curvature: { probes: 2, contexts: 2 }
              traces: true
              tokenClassCheckpoints: 2
          types:
            classify: { scores: scores }
          stages:
            stages: { rllc: rllc }
          findings:
            findings: { rllc: rllc, scores: scores, types: types, other: code }
          examples:
            examples: { model: model, types: types, text: docs, heads: [l0h1, l1h0], contexts: 2, length: 12 }
          clusters:
            cluster: { rllc: rllc, types: types, perLayer: true, maxClusters: 3 }
          report:
            report: { rllc: rllc, clusters: clusters, types: types, scores: scores, stages: stages,
              reference: rllc-against-shallow, drllc: drllc }
        """;

    private readonly ReducedStudy study = first.Study;

    [Fact]
    public void EveryStep_WritesTablesOfItsName()
    {
        var record = first.Record;
        Assert.Empty(record.Problems);
        Assert.Equal(
        [
            "against-shallow.parquet", "clusters-counts.csv", "clusters-counts.parquet", "clusters-curves.csv",
            "clusters-curves.parquet", "clusters.csv", "clusters.parquet", "drllc.csv", "drllc.parquet", "examples.json",
            "findings-correlations.csv", "findings-correlations.parquet", "findings-types.csv", "findings-types.parquet",
            "findings.csv", "findings.parquet", "model.csv", "model.parquet",
            "rllc-against-shallow.csv", "rllc-against-shallow.parquet", "rllc.csv", "rllc.parquet",
            "scores-pairs.csv", "scores-pairs.parquet", "scores.csv", "scores.parquet", "shallow.csv", "shallow.parquet",
            "stages.csv", "stages.parquet", "traces.parquet", "types.csv", "types.parquet", "whole.parquet",
        ], study.Tables().Keys);

        // Steps 0, 1, 2, 4, 8, 15, 30; two layers of two heads.
        var scores = Rows("scores");
        Assert.Equal(7 * 4, scores.Count);
        Assert.All(scores, r => Assert.True(double.IsFinite(Number(r, "PreviousToken")) && double.IsFinite(Number(r, "MeanAblation"))));
        Assert.Equal(["0", "30"], scores.Where(r => r["MemorisedMultigrams"] != "NaN").Select(r => r["Step"]).Distinct());
        Assert.Equal(["30"], scores.Where(r => r["HessianTrace"] != "NaN").Select(r => r["Step"]).Distinct());
        Assert.Contains("were left out at this step", scores.First(r => r["Step"] == "4")["ScoreNotes"], StringComparison.Ordinal);
        Assert.Equal(7 * 4, Rows("scores-pairs").Count);

        string[] types = ["previous-token", "current-token", "induction", "multigram", "unclear"];
        Assert.All(Rows("types"), r => Assert.Contains(r["HeadType"], types));
        Assert.Equal(["0", "30"], Rows("drllc").Select(r => r["Step"]).Distinct());
        var stages = Rows("stages");
        Assert.Equal(("0", "30"), (stages[0]["From"], stages[^1]["To"]));
        var clusters = Rows("clusters");
        Assert.Equal(["all", "l0", "l1"], clusters.Select(r => r["Scope"]).Distinct());
        Assert.Equal(8, clusters.Count);
        Assert.All(clusters, r => Assert.NotEqual("", r["HeadType"]));
        Assert.All((string[])["all", "l0", "l1"], scope =>
        {
            // Of the heads that have a type; two at least.
            var typed = clusters.Where(r => r["Scope"] == scope && r["HeadType"] != "unclear").ToList();
            string[] Column(string name) => [.. typed.Select(r => r[name])];
            var expected = typed.Count < 2
                ? double.NaN
                : ClusterAgreement.AdjustedRandIndex(Column("Cluster"), Column("HeadType"));
            Assert.Equal(expected, record.Results[$"clusters.adjustedRandIndex.{scope}"], 1e-12);
        });
        Assert.True(record.Results["model.validationLoss"] != record.Results["shallow.validationLoss"]);
    }

    [Fact]
    public void Report_HasAFigureForEveryTable()
    {
        var page = File.ReadAllText(study.At("runs", "tiny", "report.html"));
        string[] sections =
        [
            "loss", "rllc", "texts", "clusters", "types", "agreement", "reference", "datasets", "behaviour", "composition",
            "ablation", "paths", "curvature", "tokens",
        ];
        Assert.All(sections, id => Assert.Contains($"{{\"id\":\"{id}\",\"title\"", page, StringComparison.Ordinal));
        Assert.Contains("\"trainingText\":\"docs\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void FindingsAndExamples_HoldWhatTheirTablesSay()
    {
        var record = first.Record;
        var findings = Rows("findings");
        Assert.Equal(["l0h0", "l0h1", "l1h0", "l1h1"], findings.Select(r => r["Component"]));
        Assert.All(findings, r => Assert.Equal(Number(r, "OtherRllc") - Number(r, "Rllc"), Number(r, "Difference"), 1e-9));
        Assert.Equal(4, Rows("findings-types").Sum(r => Number(r, "Heads")));
        Assert.All(Rows("findings-types"), type =>
        {
            var heads = findings.Where(r => r["HeadType"] == type["HeadType"]).ToList();
            Assert.Equal(heads.Average(r => Number(r, "Rllc")), Number(type, "MeanRllc"), 1e-9);
            Assert.Equal(heads.Average(r => Number(r, "Difference")), Number(type, "MeanDifference"), 1e-9);
            // Errors of heads that share their minibatches are at most those of heads that go together wholly.
            Assert.InRange(Number(type, "MeanDifferenceStdErr"), 1e-9, 1.2 * heads.Average(r => Number(r, "DifferenceStdErr")));
        });
        Assert.Equal(4, record.Results["findings.memorisedMultigrams.n"]);
        Assert.Equal(4, record.Results["findings.hessianTrace.n"]);

        using var examples = JsonDocument.Parse(study.Table("examples.json"));
        var heads = examples.RootElement.GetProperty("heads").EnumerateArray();
        Assert.Equal(["l0h1", "l1h0"], heads.Select(h => h.GetProperty("head").GetString()));
        var shown = examples.RootElement.GetProperty("contexts").EnumerateArray().ToList();
        Assert.Equal(2, shown.Count);
        Assert.Equal((12, 12), (shown[0].GetProperty("tokens").GetArrayLength(), shown[0].GetProperty("losses").GetArrayLength()));
        Assert.All(shown[0].GetProperty("heads")[0].GetProperty("attention").EnumerateArray().Select((row, query) => (row, query)), item =>
        {
            Assert.Equal(item.query + 1, item.row.GetArrayLength());
            Assert.Equal(1, item.row.EnumerateArray().Sum(a => a.GetDouble()), 0.01);
        });
    }

    [Fact]
    public void EstimatesAgainstAReference_AreOfAnotherLoss()
    {
        var own = Rows("rllc").ToDictionary(r => (r["Step"], r["Component"], r["Dataset"]), r => r["Rllc"]);
        Assert.All(Rows("rllc-against-shallow"), r => Assert.NotEqual(own[(r["Step"], r["Component"], r["Dataset"])], r["Rllc"]));
    }

    [Fact]
    public void SecondRun_ScoresNothingAnew()
    {
        var (tables, stamps) = (study.Tables(), Scores(study));
        Assert.Equal(7 + 2 + 1, stamps.Count);
        study.Run();
        Assert.Equal(tables, study.Tables());
        Assert.Equal(stamps, Scores(study));
    }

    [Fact]
    public void OtherTraces_KeepTheScores()
    {
        using var other = new ReducedStudy(Yaml);
        other.Run(options: new() { Only = ["contexts", "model", "scores"] });
        var before = Scores(other);
        other.Run(options: new() { Only = ["contexts", "model", "scores"] }, set: "scores.traceCheckpoints=2");
        var after = Scores(other);
        Assert.Equal(before.Count + 1, after.Count);
        Assert.All(before, stamp => Assert.Equal(stamp.Value, after[stamp.Key]));
    }

    [Fact]
    public void ReferenceOfOtherTokens_IsRefused()
    {
        const string own = "shallow:\n    train: { contexts: contexts,";
        const string others = "other:\n    tokenize: { text: code, vocabularySize: 300, contextLength: 24 }\n"
            + "  shallow:\n    train: { contexts: other,";
        using var other = new ReducedStudy(Yaml.Replace(own, others, StringComparison.Ordinal));
        var error = Assert.ThrowsAny<Exception>(() => other.Run());
        Assert.Contains("which were trained on other tokens", error.ToString(), StringComparison.Ordinal);
    }

    private static Dictionary<string, DateTime> Scores(ReducedStudy study)
    {
        var files = Directory.GetFiles(study.At("runs", "tiny", "scores"), "*", SearchOption.AllDirectories);
        return files.ToDictionary(f => f, File.GetLastWriteTimeUtc);
    }

    private List<Dictionary<string, string>> Rows(string table) => RunTables.RowsOf(study.At("runs", "tiny", "tables", $"{table}.csv"));

    private static double Number(Dictionary<string, string> row, string column) => double.Parse(row[column], CultureInfo.InvariantCulture);

    /// <summary>The study, run once.</summary>
    public sealed class FirstRun : IDisposable
    {
        public FirstRun() => Record = Study.Run();

        internal ReducedStudy Study { get; } = new(Yaml);

        internal RunRecord Record { get; }

        public void Dispose() => Study.Dispose();
    }
}
