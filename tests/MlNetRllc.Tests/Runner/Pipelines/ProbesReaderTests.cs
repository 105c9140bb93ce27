using System.Text.Json;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Patterns;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Pipelines;

/// <summary>A pipeline file names sets of contexts that are observed while others are sampled.</summary>
public sealed class ProbesReaderTests
{
    private const string Good = """
        version: 1
        name: study
        datasets:
          docs: dotnet-docs
          brackets: { of: docs, tokens: rightBracket }
        probes:
          prose: { of: docs, contexts: 16, seed: 2, patterns: [inductionNew, digits] }
          again: { of: docs, question: repeated, length: 41 }
        steps:
          contexts:
            tokenize: { text: docs, vocabularySize: 512 }
          model:
            train: { contexts: contexts }
          plain:
            sample: { model: model, components: heads, datasets: docs }
          traces:
            sample: { model: model, components: heads, datasets: docs, probes: [prose, again], observe: { every: 4 } }
        """;

    [Fact]
    public void ProbeSets_AreRead()
    {
        var probes = Read(Good).Probes;
        Assert.Equal(["prose", "again"], probes.Keys);
        Assert.Equal(("docs", 16, 2), (probes["prose"].Of, probes["prose"].Contexts, probes["prose"].Seed));
        Assert.Equal(["inductionNew", "digits"], probes["prose"].PatternNames);
        Assert.Equal((ProbeQuestion.Repeated, 41, 32), (probes["again"].Question, probes["again"].LengthOf(128), probes["again"].Contexts));
    }

    [Theory]
    [InlineData("prose: { of: docs", "prose: { of: dosc", "p.yaml:7:16: there is no dataset 'dosc'. Did you mean 'docs'?")]
    [InlineData("prose: { of: docs", "prose: { of: brackets",
        "p.yaml:7:16: the probe set 'prose' is of 'brackets', of which only some tokens count when it is sampled; "
        + "name the dataset that it is of, 'docs', and the pattern 'rightBracket'.")]
    [InlineData("prose: { of: docs, ", "prose: { ", "p.yaml:7:10: the probe set 'prose' needs the key 'of'")]
    [InlineData("contexts: 16", "context: 16", "p.yaml:7:22: the probe set 'prose' has no key 'context'. Did you mean 'contexts'?")]
    [InlineData("contexts: 16", "contexts: 0", "p.yaml:7:32: contexts is 0; it must lie between 1 and 100000.")]
    [InlineData("inductionNew, digits", "inductionNew, digit", "p.yaml:7:70: there is no pattern 'digit'. Did you mean 'digits'?")]
    [InlineData("inductionNew, digits", "digits, digits", "p.yaml:7:64: patterns: 'digits' is there twice; name it once.")]
    [InlineData("inductionNew, digits", "secondCopy",
        "p.yaml:7:56: the probe set 'prose' has no pattern 'secondCopy', which sets of another question have.")]
    [InlineData("length: 41", "length: 40", "p.yaml:8:10: the probe set 'again' has contexts of 40 tokens; a start token and two copies")]
    [InlineData("question: repeated, ", "", "p.yaml:8:10: the probe set 'again' has a length, which only random tokens have")]
    [InlineData("question: repeated", "question: repeatd", "p.yaml:8:32: question is 'repeatd'")]
    [InlineData("probes: [prose, again]", "probes: [prose, agian]", "p.yaml:17:72: there is no probe set 'agian'. Did you mean 'again'?")]
    [InlineData("probes: [prose, again], ", "", "p.yaml:17:64: observe has no meaning without probes: probe sets whose token losses")]
    [InlineData("length: 41", "length: 129",
        "p.yaml:17:72: the probe set 'again' has contexts of 129 tokens, longer than those of the model, 128.")]
    [InlineData("prose: { of", "a/b: { of", "p.yaml:7:3: the probe set 'a/b' names files")]
    public void Mistake_IsSaidWithItsPlace(string from, string to, string expected)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);
        var error = Assert.Throws<PipelineException>(() => Read(Good.Replace(from, to, StringComparison.Ordinal)));
        Assert.StartsWith(expected, error.Located, StringComparison.Ordinal);
    }

    [Fact]
    public void ProbesOfAFileWithoutThem_AreMissed()
    {
        var start = Good.IndexOf("probes:", StringComparison.Ordinal);
        var without = Good.Remove(start, Good.IndexOf("steps:", StringComparison.Ordinal) - start);
        var error = Assert.Throws<PipelineException>(() => Read(without));
        Assert.Contains("the file has no key 'probes'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProbesOfAStep_AreTakenBackByNull()
    {
        var read = StepKinds.Reader.Read(YamlFile.Parse("p.yaml", Good), ["traces.probes=null", "traces.observe=null"]);
        Assert.False(read.Steps.Single(s => s.Name == "traces").Has("probes"));
    }

    [Fact]
    public void OptionOfAProbeSet_IsSetByAnArgument()
    {
        Pipeline Set(params string[] set) => StepKinds.Reader.Read(YamlFile.Parse("p.yaml", Good), set);
        Assert.Equal(64, Set("probes.prose.contexts=64").Probes["prose"].Contexts);
        var error = Assert.Throws<PipelineException>(() => Set("probes.pros.contexts=64"));
        Assert.Contains("there is no 'pros'. Did you mean 'prose'?", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("contexts: 16", "contexts: 17", true)]
    [InlineData("seed: 2", "seed: 3", true)]
    [InlineData("inductionNew, digits", "inductionNew", true)]
    [InlineData("length: 41", "length: 39", true)]
    [InlineData("every: 4", "every: 5", true)]
    [InlineData(" probes: [prose, again]", " probes: [prose]", true)]
    [InlineData("length: 41", "length: 41, patterns: [firstCopy, secondCopy]", false)]
    [InlineData("length: 41", "length: 41, contexts: 32", false)]
    public void KeyOfASampleStep_FollowsItsProbeSets(string from, string to, bool changes)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);
        var (before, after) = (StepKey.KeysOf(Read(Good)), StepKey.KeysOf(Read(Good.Replace(from, to, StringComparison.Ordinal))));
        Assert.Equal(changes, before["traces"].Value != after["traces"].Value);
        Assert.Equal(before["plain"].Value, after["plain"].Value);
    }

    [Fact]
    public void ObservedTokens_CostLessThanHalfOfAsManySampled()
    {
        var (plain, observed) = (WorkOf(Good, "plain"), WorkOf(Good, "traces"));
        Assert.Equal((plain.Tokens, 0), (observed.Tokens, plain.Probes.TokensAsSampled));
        // 4 chains x 200 draws, every fourth observed; 16 contexts of 128 tokens and 32 of 41.
        Assert.Equal(observed.Rows * 4 * 50 * (16 * 128 + 32 * 41) / 2.2, observed.Probes.TokensAsSampled, 1e-6 * observed.Tokens);
        Assert.True(observed.Probes.MemoryBytes > 0 && observed.Probes.DiskBytes > 0);
    }

    [Fact]
    public void KeptTokens_CostDisk()
    {
        double Disk(string tokens) =>
            WorkOf(Good.Replace("every: 4", $"every: 4, tokens: {tokens}", StringComparison.Ordinal), "traces").Probes.DiskBytes;
        Assert.True(Disk("none") < Disk("batches") && Disk("batches") < Disk("draws"));
    }

    [Fact]
    public void PatternsOfQuestions_AreThoseOfTheSets()
    {
        var contexts = new ContextSet("docs", new[] { 0, 1, 2, 3, 4, 5 }, 3);
        var repeated = QuestionSets.Repeated(TokenDistribution.Unigram(contexts), 0, new() { CopyLength = 2 });
        Assert.Equal(repeated.Patterns.Select(p => p.Name), ProbeOptions.PatternsOf(ProbeQuestion.Repeated));
        Assert.Equal(QuestionSets.Shuffled(contexts, 0).Patterns.Select(p => p.Name), ProbeOptions.PatternsOf(ProbeQuestion.Shuffled));
    }

    [Fact]
    public void Schema_NamesPatterns_AndAsksForTheDataset()
    {
        using var schema = JsonDocument.Parse(PipelineSchema.TextOf(StepKinds.All));
        var probe = schema.RootElement.GetProperty("properties").GetProperty("probes").GetProperty("additionalProperties");
        Assert.Equal("of", Assert.Single(probe.GetProperty("required").EnumerateArray()).GetString());
        var patterns = probe.GetProperty("properties").GetProperty("patterns").GetProperty("items").GetProperty("enum");
        Assert.Equal(ProbeOptions.AllPatterns, patterns.EnumerateArray().Select(p => p.GetString()));
        Assert.False(probe.GetProperty("properties").GetProperty("of").TryGetProperty("default", out _));
    }

    private static SampleStep.SampledWork WorkOf(string text, string step)
    {
        var pipeline = Read(text);
        return SampleStep.WorkOf(pipeline, pipeline.Steps.Single(s => s.Name == step));
    }

    private static Pipeline Read(string text) => StepKinds.Reader.Read(YamlFile.Parse("p.yaml", text.ReplaceLineEndings("\n")));
}
