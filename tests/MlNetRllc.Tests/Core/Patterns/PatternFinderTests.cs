using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Patterns;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Tests.Core.Patterns;

public sealed class PatternFinderTests
{
    private const int Length = 40, Count = 30;

    private static readonly string[] Texts = [" the", "ing", "\n", "  ", "12", "(", ")", "[]", "{", "}"];

    private static readonly ContextSet Contexts = RandomTokens("contexts", Count);

    private static readonly ContextSet Training = RandomTokens("training", 10 * Count);

    private readonly Dictionary<string, bool[]> found = FlagsOf(Contexts);

    [Fact]
    public void AllPatterns_AreFoundOnce_AndPickSomeTokensButNotAll()
    {
        Assert.Equal(PatternRules.All.Select(p => p.Name), found.Keys);
        Assert.All(found.Keys.Where(name => name is not ("memorisedNGram" or "rare")),
            name => Assert.InRange(found[name].Count(f => f), 1, found[name].Length - 1));
    }

    [Theory]
    [InlineData("inductionNew", "inductionRight")]
    [InlineData("firstRepeat", "inductionRight")]
    [InlineData("laterRepeat", "inductionRight")]
    public void Pattern_LiesWithinAnother(string part, string whole) =>
        Assert.All(found[part].Zip(found[whole]), pair => Assert.True(!pair.First || pair.Second));

    [Theory]
    [InlineData("inductionRight", "inductionWrong")]
    [InlineData("firstRepeat", "laterRepeat")]
    [InlineData("bigramKnows", "trigramKnows")]
    [InlineData("bigramKnows", "skipBigramKnows")]
    [InlineData("trigramKnows", "skipBigramKnows")]
    [InlineData("wordStart", "wordPart")]
    [InlineData("easy", "hard")]
    public void Patterns_ShareNoToken(string one, string other) =>
        Assert.All(found[one].Zip(found[other]), pair => Assert.False(pair.First && pair.Second));

    [Fact]
    public void LaterTokens_ChangeNoFlag()
    {
        var changed = FlagsOf(new("changed", Enumerable.Range(0, Count).SelectMany(i => (int[])
            [.. Contexts[i][..(Length / 2)], .. Contexts[(i + 1) % Count][(Length / 2)..]]).ToArray(), Length));
        Assert.All(found.Keys.Except(["easy", "hard"]), name => Assert.Equal(FirstHalves(found[name]), FirstHalves(changed[name])));
    }

    [Fact]
    public void WithoutTextsAndTraining_TheirPatternsAreLeftOut_AndRefusedByName()
    {
        var finder = new PatternFinder(Contexts);
        Assert.Equal(["firstRepeat", "laterRepeat", "inductionRight", "inductionWrong", "easy", "hard"],
            finder.FindAll().Select(p => p.Name));
        Assert.Contains("texts of tokens", finder.LeftOut["digits"], StringComparison.Ordinal);
        Assert.Contains("training text", finder.LeftOut["inductionNew"], StringComparison.Ordinal);
        Assert.Equal("The pattern 'rare' cannot be found: it is made from n-grams of the training text, which is not given.",
            Assert.Throws<ArgumentException>(() => finder.Find("easy", "rare")).Message);
    }

    [Fact]
    public void TokensBeyondTheTexts_HaveNoText()
    {
        var contexts = new ContextSet("c", new[] { 0, 9, 0 }, 3);
        Assert.Equal([false, true], new PatternFinder(contexts) { TokenTexts = [" the"] }.Find("wordStart")[0].Pick(contexts, []));
    }

    [Fact]
    public void OptionsThatDoNotGoTogether_AreRefused()
    {
        Assert.Contains("come in pairs", Refused(new() { Brackets = "(" }), StringComparison.Ordinal);
        Assert.Contains("EasyBelow 4 above HardFrom 3", Refused(new() { EasyBelow = 4 }), StringComparison.Ordinal);
        Assert.Contains("NewBelow", Refused(new() { NewBelow = 2 }), StringComparison.Ordinal);
    }

    private static string Refused(PatternOptions options) =>
        Assert.ThrowsAny<ArgumentException>(() => new PatternFinder(Contexts, options)).Message;

    private static IEnumerable<bool[]> FirstHalves(bool[] flags) => flags.Chunk(Length - 1).Select(context => context[..(Length / 2 - 1)]);

    private static Dictionary<string, bool[]> FlagsOf(ContextSet contexts)
    {
        var options = new PatternOptions { LeastProbability = 0.13, LeastGain = 1, LeastCount = 1 };
        var random = NamedRandom.Stream("losses");
        double[] losses = [.. Enumerable.Range(0, Count * (Length - 1)).Select(i => 4 * random.Uniform((ulong)i, 0))];
        return new PatternFinder(contexts, options) { TokenTexts = Texts, TrainingText = Training }.FindAll()
            .ToDictionary(pattern => pattern.Name, pattern => pattern.Pick(contexts, losses));
    }

    private static ContextSet RandomTokens(string name, int count)
    {
        var random = NamedRandom.Stream("pattern tests", name);
        return new(name, Enumerable.Range(0, count * Length).Select(i => random.Integer(Texts.Length, (ulong)i, 0)).ToArray(), Length);
    }
}
