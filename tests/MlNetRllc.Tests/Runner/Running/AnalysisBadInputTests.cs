using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>What the analysis does with too little: each case has a rule, and says so.</summary>
public sealed class AnalysisBadInputTests : IDisposable
{
    private const string Yaml = """
        version: 1
        name: tiny
        seed: 1
        datasets: { docs: docs.jsonl, code: code.jsonl }
        steps:
          contexts:
            tokenize: { text: docs, vocabularySize: 300, contextLength: 8 }
          model:
            train: { contexts: contexts, layers: 1, heads: 3, modelWidth: 16, headWidth: 8, steps: 8, batchSize: 8,
              learningRate: 3e-3, checkpoints: { logarithmic: 3 } }
          traces:
            sample: { model: model, components: [heads, full], datasets: [docs], chains: 2, draws: 4, burnIn: 0, batchSize: 4 }
          rllc:
            estimate: { traces: traces }
          scores:
            score: { model: model, text: docs, scoring: { sequences: 4, ablationContexts: 4, modelContexts: 4, words: 8 },
              patterns: { contexts: 4 } }
          types:
            classify: { scores: scores }
          stages:
            stages: { rllc: rllc }
          clusters:
            cluster: { rllc: rllc, types: types }
        """;

    private readonly ReducedStudy study = new(Yaml);

    public void Dispose() => study.Dispose();

    [Fact]
    public void SeriesOfOneCheckpoint_IsOneStage_AndInNoCluster()
    {
        var record = study.Run(set: "traces.checkpointCount=1");
        Assert.Contains("one stage", record.Steps.Single(s => s.Name == "stages").Summary, StringComparison.Ordinal);
        var clusters = record.Steps.Single(s => s.Name == "clusters").Summary;
        Assert.Contains("0 clusters", clusters, StringComparison.Ordinal);
        Assert.Contains("more checkpoints are needed", clusters, StringComparison.Ordinal);
        Assert.All(Rows("clusters"), r => Assert.Equal("0", r["Cluster"]));
        Assert.True(double.IsNaN(record.Results["clusters.adjustedRandIndex.all"]));
    }

    [Fact]
    public void MoreClustersThanCurves_AreLowered_AndSaid()
    {
        var record = study.Run(set: "clusters.clusters=9");
        var summary = record.Steps.Single(s => s.Name == "clusters").Summary;
        Assert.Contains("9 clusters were asked for, but only 3 curves are distinct", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void ContextShorterThanAScoreNeeds_LeavesItOut_AndSays()
    {
        var record = study.Run();
        var summary = record.Steps.Single(s => s.Name == "scores").Summary;
        Assert.Contains("Attention scores need a context of 16 tokens; the model's is 8", summary, StringComparison.Ordinal);
        Assert.All(Rows("scores"), r => Assert.Equal("NaN", r["PreviousToken"]));
        Assert.All(Rows("types"), r => Assert.Equal("unclear", r["HeadType"]));
    }

    [Fact]
    public void RowsThatDiverged_AreGaps_AndTheirHeadsAreInNoCluster()
    {
        var record = study.Run(set: "traces.nBeta=1e12");
        Assert.All(Rows("rllc"), r => Assert.NotEqual("ok", r["Status"]));
        Assert.Contains("one stage", record.Steps.Single(s => s.Name == "stages").Summary, StringComparison.Ordinal);
    }

    private List<Dictionary<string, string>> Rows(string table) => RunTables.RowsOf(study.At("runs", "tiny", "tables", $"{table}.csv"));
}
