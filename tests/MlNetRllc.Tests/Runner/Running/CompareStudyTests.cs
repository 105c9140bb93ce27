using System.Globalization;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>A study asks which measurement knows what its heads do.</summary>
public sealed class CompareStudyTests
{
    private const string Yaml = """
        version: 1
        name: tiny
        seed: 1
        datasets: { docs: docs.jsonl, code: code.jsonl }
        probes:
          prose: { of: docs, contexts: 12, patterns: [wordStart, inductionRight] }
          again: { of: docs, question: repeated, contexts: 6, length: 13 }
        steps:
          contexts:
            tokenize: { text: docs, vocabularySize: 300, contextLength: 16 }
          model:
            train: { contexts: contexts, layers: 2, heads: 2, modelWidth: 16, headWidth: 8, steps: 20, batchSize: 8,
              learningRate: 3e-3, checkpoints: { logarithmic: 3 } }
          traces:
            sample: { model: model, components: [heads], datasets: [docs, code], chains: 2, draws: 8, burnIn: 0, batchSize: 4,
              contextsPerDataset: 40, probes: [prose, again] }
          without-data:
            sample: { model: model, components: [heads], datasets: [docs], chains: 2, draws: 8, burnIn: 0, batchSize: 4,
              contextsPerDataset: 40, checkpointCount: 1, control: true, probes: [prose, again] }
          rllc:
            estimate: { traces: traces }
          patterns:
            patterns: { traces: traces }
          control:
            patterns: { traces: without-data }
          scores:
            score: { model: model, text: docs, tokenClasses: false, checkpointCount: 1,
              scoring: { sequences: 4, ablationContexts: 4, modelContexts: 4, words: 8 } }
          types:
            classify: { scores: scores, leastMargin: 1, crowdMargin: 1, tieShare: 1 }
          compared:
            compare: { types: types, patterns: patterns, control: control, rllc: rllc, permutations: 99, minimumErrors: 0,
              rankedBy: [inductionRight, secondCopy] }
        """;

    private static readonly string[] Sources = ["patterns", "control", "rllc", "rllc-datasets", "ablation", "participation"];

    [Fact]
    public void EverySource_HasARow_AndItsFeatures()
    {
        using var study = new ReducedStudy(Yaml);
        var run = study.Run();
        Assert.Equal(("finished", ""), (run.State, string.Join('\n', run.Problems)));
        var rows = Rows(study, "compared");
        Assert.Equal(Sources, rows.Select(r => r["Source"]));
        var features = Rows(study, "compared-features");
        // Patterns but whole sets; 4 checkpoints; of two datasets; and the directions on natural text.
        Assert.Equal([4, 4, 4, 8, 4, 1],
            Sources.Select(s => features.Where(f => f["Source"] == s).Select(f => f["Feature"]).Distinct().Count()));
        Assert.All(features.GroupBy(f => (f["Source"], f["Feature"])),
            g => Assert.Equal(["l0h0", "l0h1", "l1h0", "l1h1"], g.Select(f => f["Component"])));
        Assert.StartsWith("adjusted Rand index over ", SummaryOf(run), StringComparison.Ordinal);
        Assert.All(Sources, s => Assert.True(run.Results.ContainsKey($"compared.adjustedRandIndex.{s}")));
        var ranks = Rows(study, "compared-induction");
        Assert.Equal(
            from source in new[] { "patterns", "control", "ablation" }
            from pattern in new[] { "prose/inductionRight over prose", "again/secondCopy over prose" }
            select (source, pattern), ranks.Select(r => (r["Source"], r["RankedBy"])));
        Assert.Empty(ReducedStudy.Done(study.Run()));
    }

    /// <summary>Features are those of the tables that they come from, at the last checkpoint.</summary>
    [Fact]
    public void Features_AreRatiosOfTheTablesValues()
    {
        using var study = new ReducedStudy(Yaml);
        study.Run();
        var features = Rows(study, "compared-features");
        foreach (var (source, table) in new[] { ("patterns", "patterns"), ("control", "control") })
        {
            var values = Rows(study, table).Where(r => r["Step"] == "20" && r["Dataset"] == "docs")
                .ToDictionary(r => (r["Component"], r["Probe"], r["Pattern"]), r => Number(r["Rllc"]));
            foreach (var f in features.Where(f => f["Source"] == source))
            {
                var (probe, pattern) = (f["Feature"].Split('/')[0], f["Feature"].Split('/', ' ')[1]);
                var expected = values[(f["Component"], probe, pattern)] / values[(f["Component"], "prose", "all")];
                Assert.Equal(expected, Number(f["Value"]), 1e-9 * Math.Abs(expected));
            }
        }
        Assert.All(features.Where(f => f["Source"] == "participation"), f => Assert.InRange(Number(f["Value"]), 1, 8));
    }

    [Fact]
    public void PatternsThatCount_AreThoseAsked()
    {
        using var study = new ReducedStudy(Yaml);
        study.Run(set: "compared.features=[again/secondCopy, all]");
        var features = Rows(study, "compared-features").Where(f => f["Source"] == "patterns").Select(f => f["Feature"]).Distinct();
        Assert.Equal(["again/secondCopy over prose", "prose/all"], features);
        Assert.Contains("inductionRight", study.Table("compared-induction.csv"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("control: control,", "control: patterns,", "they follow the loss's gradient")]
    [InlineData("minimumErrors: 0", "features: [digits]", "names the pattern 'digits', which no probe set has; there are: again/firstCopy")]
    [InlineData("minimumErrors: 0", "naturalText: again", "has no probe set 'again' of a dataset's own contexts; it has: prose")]
    [InlineData("minimumErrors: 0", "dataset: german", "has no dataset 'german'; it has: docs, code")]
    public void WhatDoesNotGoTogether_IsRefused(string instead, string given, string message)
    {
        using var study = new ReducedStudy(Yaml.Replace(instead, given, StringComparison.Ordinal));
        Assert.Contains(message, $"{Assert.ThrowsAny<Exception>(() => study.Run())}", StringComparison.Ordinal);
    }

    private static string SummaryOf(RunRecord run) => run.Steps.Single(s => s.Name == "compared").Summary;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static List<Dictionary<string, string>> Rows(ReducedStudy study, string table) =>
        RunTables.RowsOf(study.At("runs", "tiny", "tables", $"{table}.csv"));
}
