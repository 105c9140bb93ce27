
namespace MlNetRllc.Tests.Runner.Running;

/// <summary>A study samples the tokens of a pattern beside the whole text.</summary>
public sealed class MaskedStudyTests
{
    private const string Yaml = """
        version: 1
        name: tiny
        seed: 1
        datasets:
          docs: docs.jsonl
          code: code.jsonl
          words: { of: code, tokens: wordStart }
          repeats: { of: code, tokens: inductionNew }
        steps:
          contexts:
            tokenize: { text: docs, vocabularySize: 300, contextLength: 16 }
          model:
            train: { contexts: contexts, layers: 2, heads: 2, modelWidth: 16, headWidth: 8, steps: 20, batchSize: 8,
              learningRate: 3e-3, checkpoints: { logarithmic: 3 } }
          traces:
            sample: { model: model, components: [heads], datasets: [code, words, repeats], chains: 2, draws: 8, burnIn: 0, batchSize: 4 }
          rllc:
            estimate: { traces: traces }
        """;

    [Fact]
    public void TokensOfAPattern_AreSampledBesideTheWholeText()
    {
        using var study = new ReducedStudy(Yaml);
        var traces = study.Run().Steps.Single(s => s.Name == "traces");
        Assert.Matches(
            @"^48 of 48 rows sampled; of words [\d,]+ of [\d,]+ tokens count, in [\d,]+ of [\d,]+ contexts; of repeats ", traces.Summary);
        var lines = study.Table("rllc.csv").Trim().Split('\n').Skip(1).Select(line => line.Split(',')).ToList();
        Assert.Equal(["code", "repeats", "words"], lines.Select(l => l[2]).Distinct().Order(StringComparer.Ordinal));
        // The same contexts, other losses: each its own coefficient.
        Assert.Equal(lines.Count, lines.Select(l => l[3]).Distinct().Count());
    }

    [Fact]
    public void AnotherPattern_SamplesThatDatasetAnew_AndNoOther()
    {
        using var study = new ReducedStudy(Yaml.Replace(", words, repeats]", ", words]", StringComparison.Ordinal));
        study.Run();
        var before = Rows(study);
        var other = File.ReadAllText(study.PipelineFile).Replace("wordStart", "wordPart", StringComparison.Ordinal);
        File.WriteAllText(study.PipelineFile, other);
        Assert.Contains("traces", ReducedStudy.Done(study.Run()));
        Assert.Equal(4, Rows(study).Except(before).Count()); // a file each checkpoint
        Assert.Empty(before.Except(Rows(study)));
    }

    [Fact]
    public void PatternThatIsTooRare_IsRefusedWithItsCount()
    {
        using var study = new ReducedStudy(Yaml.Replace("tokens: wordStart", "tokens: digits", StringComparison.Ordinal));
        var error = Assert.ThrowsAny<Exception>(() => study.Run());
        Assert.Contains("the dataset 'words' has 0 contexts with a digits token, fewer than a batch of 4", $"{error}");
    }

    private static HashSet<string> Rows(ReducedStudy study) =>
        [.. Directory.GetFiles(study.Folder, "*", SearchOption.AllDirectories).Where(f => f.Contains("rows", StringComparison.Ordinal))];
}
