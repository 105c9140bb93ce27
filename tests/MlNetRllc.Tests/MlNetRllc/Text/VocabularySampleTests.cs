using System.Globalization;
using CsCheck;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Text;

public sealed class VocabularySampleTests
{
    private static readonly string[] Documents = [.. Enumerable.Range(0, 1000).Select(i => $"{i:D4}" + new string('x', i % 13))];

    private static HashSet<string> Drawn(long characters, long seed) => [.. VocabularySample.Draw(Documents, characters, seed)];

    [Fact]
    public void TextThatFits_IsTakenWhole() =>
        Assert.Equal(Documents.Order(), VocabularySample.Draw(Documents, Documents.Sum(d => d.Length), 0).Order());

    [Fact]
    public void LongerText_GivesASampleOfItsSize_OfAllItsParts() => Gen.Long.ForAll(seed =>
    {
        var drawn = Drawn(2000, seed);
        Assert.InRange(drawn.Sum(d => d.Length), 2000 - 17, 2000);
        // About 200 of 1000 documents: a quarter of them in each quarter of the text, within six standard errors.
        Assert.All(Enumerable.Range(0, 4), quarter =>
            Assert.InRange(drawn.Count(d => int.Parse(d[..4], CultureInfo.InvariantCulture) / 250 == quarter), 14, 86));
    }, cases: 100);

    [Fact]
    public void SeedDecidesTheSample()
    {
        Assert.Equal(Drawn(2000, 1), Drawn(2000, 1));
        Assert.NotEqual(Drawn(2000, 1), Drawn(2000, 2));
    }

    [Fact]
    public void LargerSample_HoldsTheSmaller() => Assert.Subset(Drawn(3000, 5), Drawn(1000, 5));

    [Fact]
    public void OneDocumentLongerThanTheSample_IsCut() =>
        Assert.Equal([new string('a', 10)], VocabularySample.Draw([new string('a', 50)], 10, 0));

    [Fact]
    public void Vocabulary_IsLearnedFromTheEndOfALongTextToo()
    {
        var text = Enumerable.Range(0, 2000).Select(i => i < 1000 ? "early early early" : "latest latest latest");
        var tokenizer = ByteLevelTokenizer.Train(text, 268, sampleCharacters: 5000);
        Assert.Single(tokenizer.Encode("early"));
        Assert.Single(tokenizer.Encode(" latest"));
    }
}
