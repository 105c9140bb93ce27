using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Patterns;

namespace MlNetRllc.Tests.Core.Patterns;

public sealed class QuestionSetTests
{
    private const int Bos = 0;

    // 1 three times as often as 2; BOS begins each context.
    private static readonly ContextSet Text = new("text", new[] { Bos, 1, 1, 2, 1, Bos, 1, 1, 2, 1, Bos, 1, 2, 1, 1, Bos, 3, 1, 1, 4 }, 5);

    private static readonly RepeatedTokensOptions Few = new() { Contexts = 20, CopyLength = 8, Seed = 3 };

    [Fact]
    public void SecondCopy_IsTheFirst_AfterOneStartToken()
    {
        var made = QuestionSets.Repeated(TokenDistribution.Uniform(50, Bos), Bos, Few).Contexts;
        Assert.Equal((20, 17), (made.Count, made.ContextLength));
        for (var i = 0; i < made.Count; i++)
        {
            Assert.Equal(Bos, made[i][0]);
            Assert.Equal(made[i][1..9], made[i][9..]);
            Assert.DoesNotContain(Bos, made[i][1..].ToArray());
        }
    }

    [Fact]
    public void FirstTokenOfTheSecondCopy_IsInNoPattern()
    {
        var made = QuestionSets.Repeated(TokenDistribution.Uniform(50, Bos), Bos, Few);
        Assert.Equal(["firstCopy", "secondCopy"], made.Patterns.Select(p => p.Name));
        Assert.Equal([20 * 8, 20 * 7], made.Patterns.Select(p => p.Count));
        var (first, second) = (made.Patterns[0].Pick(made.Contexts, []), made.Patterns[1].Pick(made.Contexts, []));
        for (var i = 0; i < first.Length; i++) Assert.Equal((i % 16 < 8, i % 16 > 8), (first[i], second[i]));
    }

    [Fact]
    public void RepeatedTokens_DependOnSeedAndPlaceOnly()
    {
        var drawn = TokenDistribution.Uniform(50, Bos);
        var (few, more) = (QuestionSets.Repeated(drawn, Bos, Few), QuestionSets.Repeated(drawn, Bos, Few with { Contexts = 40 }));
        for (var i = 0; i < few.Contexts.Count; i++) Assert.Equal(few.Contexts[i], more.Contexts[i]);
        Assert.NotEqual(few.Contexts.Key, QuestionSets.Repeated(drawn, Bos, Few with { Seed = 4 }).Contexts.Key);
    }

    [Fact]
    public void UnigramDistribution_DrawsTokensAsOftenAsTheyStandInTheText()
    {
        var drawn = QuestionSets.Repeated(TokenDistribution.Unigram(Text, Bos), Bos, new() { Contexts = 100, CopyLength = 160 }).Contexts;
        var counts = new int[5];
        for (var i = 0; i < drawn.Count; i++)
            foreach (var token in drawn[i][1..161]) counts[token]++;
        // Of 16,000 draws with shares 11, 3, 1, 1 of 16, standard deviations are at most 59.
        double[] expected = [0, 11_000, 3_000, 1_000, 1_000];
        Assert.Equal(0, counts[Bos]);
        Assert.All(counts.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 240.0));
    }

    [Fact]
    public void UniformDistribution_DrawsAllTokensAlike()
    {
        var drawn = QuestionSets.Repeated(TokenDistribution.Uniform(4, 2), 2, new() { Contexts = 100, CopyLength = 90 }).Contexts;
        var counts = new int[4];
        for (var i = 0; i < drawn.Count; i++)
            foreach (var token in drawn[i][1..91]) counts[token]++;
        Assert.Equal(0, counts[2]);
        Assert.All((int[])[0, 1, 3], token => Assert.Equal(3000, counts[token], 200.0));
    }

    [Fact]
    public void DistributionWithoutTokens_IsRefused() =>
        Assert.Throws<ArgumentException>(() => TokenDistribution.Uniform(1, 0));

    [Fact]
    public void Shuffled_KeepsTheTokensOfEachContext_AndThePlacesOfBos()
    {
        var contexts = new ContextSet("long",
            Enumerable.Range(0, 300).Select(i => i % 50 is 0 or 20 ? Bos : 1 + i % 7).ToArray(), 50);
        var made = QuestionSets.Shuffled(contexts, Bos);
        Assert.Equal("long shuffled", made.Contexts.Name);
        for (var i = 0; i < contexts.Count; i++)
        {
            Assert.NotEqual(contexts[i].ToArray(), made.Contexts[i].ToArray());
            Assert.Equal(contexts[i].ToArray().Order(), made.Contexts[i].ToArray().Order());
            Assert.Equal((Bos, Bos), (made.Contexts[i][0], made.Contexts[i][20]));
        }
        Assert.Equal(made.Contexts.Key, QuestionSets.Shuffled(contexts, Bos).Contexts.Key);
        Assert.NotEqual(made.Contexts.Key, QuestionSets.Shuffled(contexts, Bos, seed: 2).Contexts.Key);
    }

    [Fact]
    public void PatternsOfShuffled_TellWhichTokensStoodEarlier()
    {
        var made = QuestionSets.Shuffled(Text, Bos);
        var (before, first) = (made.Patterns[0].Pick(made.Contexts, []), made.Patterns[1].Pick(made.Contexts, []));
        for (var i = 0; i < before.Length; i++)
        {
            var context = made.Contexts[i / 4];
            var t = i % 4 + 1;
            Assert.Equal(context[..t].IndexOf(context[t]) >= 0, before[i]);
            Assert.NotEqual(before[i], first[i]);
        }
    }
}
