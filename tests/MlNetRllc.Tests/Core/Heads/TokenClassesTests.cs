using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Heads;

public sealed class TokenClassesTests
{
    [Fact]
    public void RepeatedPair_IsInduction_UnlessItIsABigramOfTheText()
    {
        var context = new ContextSet("c", new[] { 0, 1, 2, 3, 0, 1 }, 6);
        var random = new ContextSet("text", InductionModel.TinyText(4000, 10), 10);
        Assert.Equal(TokenPattern.Induction, new TokenExplanations(context, random)[0, 5].Patterns);

        var fixedPair = new ContextSet(
            "text", Enumerable.Range(0, 4000).Select(i => i % 2 == 0 ? 0 : 1).ToArray(), 10);
        var explained = new TokenExplanations(context, fixedPair)[0, 5];
        Assert.Equal((TokenPattern.NGram, new Multigram(false, 0, 1)), (explained.Class, explained.Multigram));
        Assert.Equal(TokenPattern.None, new TokenExplanations(context, random)[0, 1].Patterns);
    }

    [Fact]
    public void LongerNGram_IsFoundWhereShorterOnesDoNotTell()
    {
        // After 1 2 comes 3, after 0 2 comes one of twenty others.
        var text = new List<int>();
        var noise = InductionModel.TinyText(4000, 20);
        for (var i = 0; i < 300; i++) text.AddRange(i % 10 == 0 ? [1, 2, 3, 9] : [0, 2, 5 + noise[i], 9]);
        var explained = new TokenExplanations(new("c", new[] { 9, 1, 2, 3 }, 4), new("text", text.ToArray(), 12))[0, 3];
        Assert.Equal(new Multigram(false, 1, 2, 3), explained.Multigram);
    }

    [Theory, InlineData(19, false), InlineData(20, true)]
    public void BigramThatBeginsTrigrams_IsCountedOnce(int times, bool known)
    {
        // After 1 comes 2 in so many of 100 places, else one of others; 3 ends every context.
        int[] text = [.. Enumerable.Range(0, 100).SelectMany(i => (int[])[1, i < times ? 2 : 10 + i, 3])];
        var explanations = new TokenExplanations(new("c", new[] { 1, 2, 3 }, 3), new("text", text, 3));
        Assert.Equal(known ? new Multigram(false, 1, 2) : default(Multigram?), explanations[0, 1].Multigram);
    }

    [Fact]
    public void TrigramThatBeginsAFourgram_IsCountedOnce()
    {
        // 3 follows 0 1 2 in 30 of 100 places, 1 2 in 30 of 300.
        int[] text = [.. Enumerable.Range(0, 300).SelectMany(i => (int[])[i < 100 ? 0 : 9, 1, 2, i < 30 ? 3 : 20 + i])];
        var explanations = new TokenExplanations(new("c", new[] { 0, 1, 2, 3 }, 4), new("text", text, 4));
        Assert.Equal(new Multigram(false, 0, 1, 2, 3), explanations[0, 3].Multigram);
    }

    [Theory, InlineData(4, false), InlineData(5, true)]
    public void LeastCount_IsOfPlacesInTheText(int times, bool known)
    {
        int[] text = [.. Enumerable.Range(0, times).SelectMany(_ => (int[])[1, 2, 3])];
        var explanations = new TokenExplanations(new("c", new[] { 1, 2, 3 }, 3), new("text", text, 3), new() { LeastCount = 5 });
        Assert.Equal(known ? new Multigram(false, 1, 2) : default(Multigram?), explanations[0, 1].Multigram);
    }

    [Fact]
    public void SkipNGram_IsFoundAcrossWhatLiesBetween()
    {
        // 1 x y 2 -> 3, whatever x and y; 0 x y 2 -> noise.
        var text = new List<int>();
        var noise = InductionModel.TinyText(8000, 40);
        for (var i = 0; i < 1000; i++)
            {
                var (first, after) = i % 8 == 0 ? (1, 3) : (0, 10 + noise[4 * i + 2]);
                text.AddRange([first, 10 + noise[4 * i], 10 + noise[4 * i + 1], 2, after, 60, 61, 62, 63, 64, 65, 66]);
            }
        var explained = new TokenExplanations(new("c", new[] { 1, 90, 91, 2, 3 }, 5), new("text", text.ToArray(), 12))[0, 4];
        Assert.Equal(
            (TokenPattern.SkipNGram, new Multigram(true, 1, 2, 3)),
            (explained.Class, explained.Multigram));
    }

    [Theory]
    [InlineData("([])", new[] { false, false, true, true })]
    [InlineData("([)]", new[] { false, false, false, true })]
    [InlineData("){}x", new[] { false, false, true, false })]
    public void ClosingBracketOfAnEarlierToken_IsExplained(string brackets, bool[] expected)
    {
        string[] texts = ["(", ")", "[", "]", "{", "}", "x"];
        int[] tokens = [.. brackets.Select(b => Array.IndexOf(texts, $"{b}"))];
        var context = new ContextSet("c", tokens, 4);
        var found = new TokenExplanations(context, context, tokenTexts: texts);
        Assert.Equal(
            expected,
            Enumerable.Range(0, 4).Select(t => found[0, t].Patterns.HasFlag(TokenPattern.Brackets)));
    }

    [Fact]
    public void HandBuiltInductionHeads_MatterForInductionPatternsOnly()
    {
        var contexts = InductionModel.Repeating(24);
        var explanations = new TokenExplanations(
            contexts, new("text", InductionModel.TinyText(32 * 2000, 19), 32), new() { Tokens = 50 });
        var classes = TokenClasses.ClassifyHeads(InductionModel.Config, InductionModel.Weights, explanations);
        Assert.Equal(8, classes.Count);
        foreach (var head in (int[])[0, 4])
        {
            Assert.Equal((50, 0), (classes[head].Counts.Induction, classes[head].MemorisedMultigrams));
            var tokens = classes[head].Tokens;
            Assert.True(tokens[0].LossChange > 1 && Math.Abs(tokens[^1].LossChange) <= tokens[0].LossChange);
        }
        Assert.All(classes, c =>
        {
            var n = c.Counts;
            Assert.Equal(50, n.Induction + n.Brackets + n.NGrams + n.SkipNGrams + n.Unexplained);
        });
        Assert.Equal(0, classes[7].MemorisedMultigrams);
    }

    [Fact]
    public void MultigramsThatAHeadCarries_AreCountedOnceEach()
    {
        // By this text every pair is a bigram: what the induction head repeats then counts as memorised.
        var contexts = InductionModel.Repeating(1);
        var explanations = new TokenExplanations(
            contexts, contexts, new() { LeastCount = 2, LeastProbability = 0.1, LongestNGram = 2 });
        var classes = TokenClasses.ClassifyHeads(InductionModel.Config, InductionModel.Weights, explanations);
        var distinct = Enumerable.Range(1, 31).Select(t => explanations[0, t].Multigram).OfType<Multigram>().Distinct().Count();
        Assert.InRange(classes[4].MemorisedMultigrams, 1, distinct);
        Assert.Equal(0, classes[7].MemorisedMultigrams);
    }

    [Fact]
    public void BracketsWithoutPartner_AreRefused() => Assert.Throws<ArgumentException>(() =>
        new TokenExplanations(new("c", new[] { 1, 2 }, 2), new("c", new[] { 1, 2 }, 2), new() { Brackets = "()[" }));
}
