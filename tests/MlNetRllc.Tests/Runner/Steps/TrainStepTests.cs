using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Runner.Steps;

public sealed class TrainStepTests
{
    [Fact]
    public void TextThatIsHeldOutWhole_IsRefusedWithTheRemedy()
    {
        using var study = new ReducedStudy(ReducedStudy.Yaml.Replace("docs: docs.jsonl", "docs: docs.txt", StringComparison.Ordinal)
            .Replace("vocabularySize: 300", "vocabularySize: 260", StringComparison.Ordinal));
        // One document, whose hash falls into the tenth that is held out.
        var words = string.Concat(Enumerable.Repeat("the model reads a layer and a head and the value of a token\n", 200));
        var texts = Enumerable.Range(0, 1000).Select(i => $"{words}{i}");
        var text = texts.First(t => ContextPacker.SplitOf(t, 0.1) == ContextPacker.Validation);
        File.WriteAllText(study.At("docs.txt"), text);

        var ended = study.Start();

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("holds all of its text out for validation", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("Set its validationFraction to 0", ended.Errors, StringComparison.Ordinal);
    }
}
