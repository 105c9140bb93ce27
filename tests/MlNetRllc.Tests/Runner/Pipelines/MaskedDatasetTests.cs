using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Pipelines;

/// <summary>A dataset of a pipeline file may be another one of which only a pattern's tokens count.</summary>
public sealed class MaskedDatasetTests
{
    private const string Good = """
        version: 1
        name: study
        datasets:
          brackets: { of: docs, tokens: rightBracket }
          docs: dotnet-docs
        steps:
          contexts:
            tokenize: { text: docs, vocabularySize: 512 }
          model:
            train: { contexts: contexts }
          traces:
            sample: { model: model, components: heads, datasets: [docs, brackets] }
          scores:
            score: { model: model, text: docs }
        """;

    [Fact]
    public void MaskedDataset_HasTheTextOfTheOneItIsOf()
    {
        var pipeline = Read(Good);
        Assert.Equal("dotnet-docs", pipeline.Datasets["brackets"]);
        Assert.Equal(new MaskedDataset("docs", "rightBracket"), Assert.Single(pipeline.Masked).Value);
    }

    [Fact]
    public void MaskOfADataset_IsSetByAnArgument()
    {
        Pipeline Set(params string[] set) => StepKinds.Reader.Read(YamlFile.Parse("p.yaml", Good), set);
        Assert.Equal("digits", Set("datasets.brackets.tokens=digits").Masked["brackets"].Tokens);
        var error = Assert.Throws<PipelineException>(() => Set("datasets.brackets.of=dosc"));
        Assert.Contains("there is no dataset 'dosc'", error.Message, StringComparison.Ordinal);
        Assert.Throws<PipelineException>(() => Set("datasets.docs.tokens=digits"));
    }

    [Theory]
    [InlineData("of: docs", "of: dosc", "p.yaml:4:19: there is no dataset 'dosc'. Did you mean 'docs'?")]
    [InlineData("rightBracket", "rightBraket", "p.yaml:4:33: there is no pattern 'rightBraket'. Did you mean 'rightBracket'?")]
    [InlineData("rightBracket", "verbs", "p.yaml:4:33: there is no pattern 'verbs'. Valid are: wordStart, wordPart, ")]
    [InlineData("rightBracket", "hard", "p.yaml:4:33: the pattern 'hard' follows from the losses of a model")]
    [InlineData(", tokens: rightBracket", "",
        "p.yaml:4:13: the dataset 'brackets' needs the key 'tokens': the pattern whose tokens count.")]
    [InlineData("of: docs, ", "", "p.yaml:4:13: the dataset 'brackets' needs the key 'of': the dataset whose contexts it has.")]
    [InlineData("tokens:", "token:", "p.yaml:4:25: the dataset 'brackets' has no key 'token'. Did you mean 'tokens'?")]
    [InlineData("rightBracket", "[digits]", "p.yaml:4:33: tokens must be plain text.")]
    [InlineData("docs: dotnet-docs", "docs: dotnet-docs\n  more: { of: brackets, tokens: digits }",
        "p.yaml:6:15: the dataset 'more' is of 'brackets', which is masked itself; name its 'of'.")]
    [InlineData("tokenize: { text: docs", "tokenize: { text: brackets",
        "p.yaml:8:23: of 'brackets' only some tokens count when it is sampled, but a tokenize step takes all; "
        + "name the dataset that it is of, 'docs'.")]
    [InlineData("score: { model: model, text: docs", "score: { model: model, text: brackets",
        "p.yaml:14:34: of 'brackets' only some tokens count when it is sampled, but a score step takes all")]
    public void MistakeInAMaskedDataset_IsSaidWithItsPlace(string from, string to, string expected)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);
        var error = Assert.Throws<PipelineException>(() => Read(Good.Replace(from, to, StringComparison.Ordinal)));
        Assert.StartsWith(expected, error.Located, StringComparison.Ordinal);
    }

    [Fact]
    public void KeyOfASampleStep_FollowsThePatternsName()
    {
        string KeyOf(string text) => StepKey.KeysOf(Read(text))["traces"].Value;
        var digits = Good.Replace("rightBracket", "digits", StringComparison.Ordinal);
        var plain = Good.Replace("{ of: docs, tokens: rightBracket }", "dotnet-docs", StringComparison.Ordinal);
        Assert.Equal(3, new HashSet<string> { KeyOf(Good), KeyOf(digits), KeyOf(plain) }.Count);
    }

    [Fact]
    public void MaskedDataset_CostsWhatTheOneItIsOfCosts()
    {
        StepCost CostOf(string text)
        {
            var pipeline = Read(text);
            return pipeline.Steps.Single(s => s.Name == "traces") is var step ? step.Planned().CostOf(pipeline, step) : null!;
        }
        var plain = Good.Replace("{ of: docs, tokens: rightBracket }", "dotnet-docs", StringComparison.Ordinal);
        Assert.Equal(CostOf(plain), CostOf(Good));
    }

    private static Pipeline Read(string text) => StepKinds.Reader.Read(YamlFile.Parse("p.yaml", text.ReplaceLineEndings("\n")));
}
