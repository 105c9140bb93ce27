using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Patterns;

namespace MlNetRllc.Tests.Core.Patterns;

public sealed class PatternRulesTests
{
    [Theory]
    [InlineData("wordStart", "a| the|The| t3| (|the", "1")]
    [InlineData("wordPart", "a|bc| the|b2|é| ", "1 4")]
    [InlineData("afterNewline", "a|\n|b|c\n\n|  |x", "2 4")]
    [InlineData("indentation", "a|\n|  |\t|x|  |\n\n   |x", "2 3 6")]
    [InlineData("indentation", "a|\r\n| |x| |y\n | ", "2 6")]
    [InlineData("digits", "a|7|42| 3|4b| |x1", "1 2 3")]
    [InlineData("leftBracket", "a|(|()|f(|)|]|([)", "1 3 6")]
    [InlineData("rightBracket", "a|(|()|[|)|])|]", "5")]
    public void TextOfTheToken_DecidesWhatIsPicked(string name, string context, string expected)
    {
        var texts = context.Split('|');
        var contexts = new ContextSet("c", Enumerable.Range(0, texts.Length).ToArray(), texts.Length);
        Assert.Equal(expected, Picked(new PatternFinder(contexts) { TokenTexts = texts }, name, contexts));
    }

    [Theory]
    [InlineData("firstRepeat", "0 1 2 1 2 1 2 3", "4 5")]
    [InlineData("laterRepeat", "0 1 2 1 2 1 2 3", "6")]
    [InlineData("inductionRight", "0 1 2 1 2 1 2 3", "4 5 6")]
    [InlineData("inductionRight", "7 7 7 8", "2")]
    [InlineData("inductionWrong", "0 1 2 1 2 1 2 3", "7")]
    [InlineData("inductionWrong", "0 1 2 1 3 4 3 5", "4 7")]
    public void EarlierTokensOfTheContext_DecideWhatIsPicked(string name, string context, string expected)
    {
        var contexts = TokensOf(context);
        Assert.Equal(expected, Picked(new PatternFinder(contexts), name, contexts));
    }

    [Theory]
    [InlineData("bigramKnows", "1 2 6", "1")]
    [InlineData("bigramKnows", "1 6 2", "")]
    [InlineData("bigramKnows", "3 4 5", "1")]
    [InlineData("trigramKnows", "3 4 5", "2")]
    [InlineData("trigramKnows", "9 4 5", "")]
    [InlineData("skipBigramKnows", "3 7 5", "2")]
    [InlineData("skipBigramKnows", "3 4 5", "")]
    [InlineData("skipBigramKnows", "3 7 8 5", "")]
    [InlineData("memorisedNGram", "11 12 13 14", "3")]
    [InlineData("memorisedNGram", "11 12 13 15", "")]
    [InlineData("memorisedNGram", "0 12 13 14", "")]
    [InlineData("rare", "1 2 777", "2")]
    [InlineData("inductionNew", "1 2 1 2", "3")]
    [InlineData("inductionNew", "3 4 5 3 4 5", "4")]
    [InlineData("inductionNew", "1 2 1 6", "")]
    public void TablesOfTheTrainingText_DecideWhatIsPicked(string name, string context, string expected)
    {
        var contexts = TokensOf(context);
        Assert.Equal(expected, Picked(new PatternFinder(contexts) { TrainingText = Training }, name, contexts));
    }

    [Fact]
    public void SkipBigram_ThatGainsTooLittleOverTheTokensShare_DoesNotKnow()
    {
        var contexts = TokensOf("3 7 5");
        var finder = new PatternFinder(contexts, new() { LeastGain = 100 }) { TrainingText = Training };
        Assert.Equal("", Picked(finder, "skipBigramKnows", contexts));
    }

    [Fact]
    public void Losses_DecideWhatIsEasyAndHard()
    {
        var contexts = TokensOf("0 1 2 3 4 5");
        var finder = new PatternFinder(contexts);
        double[] losses = [-1e-9, 0.2, 0.3, 2.9, 3];
        Assert.Equal([true, true, false, false, false], finder.Find("easy")[0].Pick(contexts, losses));
        Assert.Equal([false, false, false, false, true], finder.Find("hard")[0].Pick(contexts, losses));
    }

    [Fact]
    public void UnknownName_IsRefusedWithTheKnownOnes() => Assert.Contains("inductionNew, bigramKnows",
        Assert.Throws<ArgumentException>(() => PatternRules.Named("InductionNew")).Message, StringComparison.Ordinal);

    // After 1 comes 2 nine times of ten; after 4 comes 5 one time of six, but always after 3 4; after 11 12 13 comes 14 nine times of
    // ten, after 12 13 alone half as often.
    private static ContextSet Training { get; } = new("training",
        Enumerable.Range(0, 10).SelectMany(i => (int[])
        [
            1, i == 0 ? 6 : 2, 3, 4, 5, .. Enumerable.Range(0, 5).SelectMany(j => (int[])[9, 4, 100 + 5 * i + j]),
            11, 12, 13, i == 0 ? 15 : 14, 200 + i, 12, 13, 300 + i,
        ]).ToArray(), 28);

    private static ContextSet TokensOf(string context)
    {
        int[] tokens = [.. context.Split(' ').Select(int.Parse)];
        return new("c", tokens, tokens.Length);
    }

    // Places of the picked tokens.
    private static string Picked(PatternFinder finder, string name, ContextSet contexts)
    {
        var flags = finder.Find(name)[0].Pick(contexts, []);
        return string.Join(' ', Enumerable.Range(1, flags.Length).Where(t => flags[t - 1]));
    }
}
