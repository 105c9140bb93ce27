using System.Text.Json;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>A study keeps single tokens while it samples, and shows those that heads answer to.</summary>
public sealed class TokenSamplesStudyTests
{
    private const string Observed = ", probes: [prose, other, again], observe: { tokens: batches, batches: 4 }";

    internal const string Yaml = """
        version: 1
        name: tiny
        seed: 1
        datasets: { docs: docs.jsonl, code: code.jsonl }
        probes:
          prose: { of: docs, contexts: 12 }
          other: { of: code, contexts: 4 }
          again: { of: docs, question: repeated, contexts: 6, length: 13 }
        steps:
          contexts:
            tokenize: { text: docs, vocabularySize: 300, contextLength: 40 }
          model:
            train: { contexts: contexts, layers: 2, heads: 2, modelWidth: 16, headWidth: 8, steps: 20, batchSize: 8,
              learningRate: 3e-3, checkpoints: { logarithmic: 3 } }
          asked:
            sample: { model: model, components: [heads, full], datasets: [docs], chains: 4, draws: 16, burnIn: 0, batchSize: 4,
              checkpointCount: 2, probes: [prose, other, again], observe: { tokens: batches, batches: 4 } }
          rllc:
            estimate: { traces: asked }
          scores:
            score: { model: model, text: docs, tokenClasses: false, checkpointCount: 1,
              scoring: { sequences: 4, ablationContexts: 4, modelContexts: 4, words: 8 } }
          types:
            classify: { scores: scores }
          examples:
            examples: { model: model, types: types, tokens: asked, text: docs, heads: [l0h1], contexts: 1, length: 12 }
          report:
            report: { rllc: rllc, types: types, scores: scores, examples: examples }
        """;

    [Fact]
    public void EveryHead_HasTokensOfEachKind_InWindowsOfTheirContexts()
    {
        using var study = new ReducedStudy(Yaml);
        var record = study.Run();
        Assert.Equal(("finished", ""), (record.State, string.Join('\n', record.Problems)));
        Assert.EndsWith("; 84 tokens in context", record.Steps.Single(s => s.Name == "examples").Summary, StringComparison.Ordinal);
        var samples = Samples(study);
        Assert.Equal(["l0h0", "l0h1", "l1h0", "l1h1"], samples.Select(s => s.Head).Distinct());
        foreach (var head in samples.GroupBy(s => s.Head))
        {
            var counts = head.CountBy(s => s.Kind).OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => (k.Key, k.Value));
            Assert.Equal([("bottom", 6), ("decile", 9), ("top", 6)], counts);
            var values = head.Where(s => s.Kind == "decile").OrderBy(s => s.Decile).Select(s => s.Values[s.Place]!.Value).ToList();
            Assert.Equal(values.Order(), values);
            Assert.True(head.Where(s => s.Kind == "top").Min(s => s.Values[s.Place]) >= values[^1] - 1e-3);
            Assert.True(head.Where(s => s.Kind == "bottom").Max(s => s.Values[s.Place]) <= values[0] + 1e-3);
        }
        Assert.All(samples, AssertIsAWindow);
        // Random tokens say nothing of a text.
        Assert.DoesNotContain(samples, s => s.Probe == "again");
        Assert.Contains(samples, s => s.Probe == "other");
    }

    /// <summary>What was kept may be removed once it is shown: the file has all.</summary>
    [Fact]
    public void FinishedSamples_AreReadFromTheirFile()
    {
        using var study = new ReducedStudy(Yaml);
        study.Run();
        foreach (var kept in Directory.GetFiles(study.At("runs"), "*.tokens.parquet", SearchOption.AllDirectories)) File.Delete(kept);
        var before = study.Table("examples.json");
        Assert.Equal(["report"], ReducedStudy.Done(study.Run(set: "report.drllc=rllc")));
        Assert.Equal(before, study.Table("examples.json"));
        var gone = Assert.ThrowsAny<Exception>(() => study.Run(set: "examples.length=13"));
        Assert.Contains("is gone; sample it again with --force asked", $"{gone}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Observed, ", probes: [prose]", "'asked' keeps no single tokens (observe: { tokens: batches }); tokens needs")]
    [InlineData(Observed, "", "'asked' has no probes; tokens needs")]
    public void SampleStepWithoutTokens_IsRefusedByThePipeline(string from, string to, string expected)
    {
        using var study = new ReducedStudy(Yaml.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(expected, Assert.ThrowsAny<PipelineException>(() => study.Run()).Message, StringComparison.Ordinal);
    }

    private static void AssertIsAWindow(ShownToken sample)
    {
        Assert.InRange(sample.Tokens.Count, 8, 24);
        Assert.InRange(sample.Place, 0, 16);
        Assert.Equal((sample.Tokens.Count, sample.Tokens.Count), (sample.Values.Count, sample.Errors.Count));
        Assert.True(sample.Errors[sample.Place] > 0);
        Assert.All(sample.Values.Skip(1), v => Assert.NotNull(v));
        var attention = PackedAttention.Unpack(sample.Attention);
        Assert.Equal(sample.Tokens.Count, attention.Count);
        // Where the window begins with its context, nothing is before it.
        var isWhole = sample.Values[0] is null;
        Assert.All(attention.Index(), row =>
        {
            Assert.Equal(row.Index + 1, row.Item.Length);
            Assert.InRange(row.Item.Sum(), isWhole ? 0.9 : 0, 1.1);
        });
    }

    private static IReadOnlyList<ShownToken> Samples(ReducedStudy study) =>
        JsonSerializer.Deserialize<ExamplesFile>(study.Table("examples.json"), RunRecord.Json)!.Samples!;
}
