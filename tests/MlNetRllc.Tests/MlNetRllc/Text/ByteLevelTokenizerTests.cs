using System.Globalization;
using CsCheck;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Text;

public sealed class ByteLevelTokenizerTests
{
    private const string Prose = "The head looks back at the token before. "
        + "The head that looks back finds the token that came before it. "
        + "It finds what it looks for, before the others do. "
        + "Tokens before tokens, heads after heads: the token, the head, the token's head.\n\n"
        + "Ärger über Öl; 日本語の文章、日本語。";

    private static readonly ByteLevelTokenizer Small = ByteLevelTokenizer.Train([Prose], 290);

    private static readonly string[] Pieces = [" ", "\n", "the ", "head", "'s", "\ud83d\ude00", "\u0301", "\0"];

    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String[Gen.Char['\0', '\uFFFF'], 0, 200],
        Gen.String[Gen.Char[' ', '~'], 0, 200],
        Gen.OneOf([.. Pieces.Select(Gen.Const)]).Array[0, 60].Select(string.Concat));

    // A surrogate without its partner has no UTF-8 form; it becomes U+FFFD.
    private static string Repaired(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    [Fact]
    public void AnyText_ComesBack() => AnyText.ForAll(text => Assert.Equal(Repaired(text), Small.Decode(Small.Encode(text))), cases: 3000);

    [Fact]
    public void AnyText_AgreesWithMicrosoftsTokenizer()
    {
        var theirs = Small.ToTokenizer();
        var texts = AnyText.Where(text => Repaired(text) == text && !text.Contains("<|"));
        texts.ForAll(text => Assert.Equal(theirs.EncodeToIds(text), Small.Encode(text)), cases: 1000);
    }

    [Fact]
    public void LongRuns_MergeAsShortOnesDo()
    {
        var tokenizer = ByteLevelTokenizer.Train(["abababab aaaa bbbb abba abba"], 261);
        var word = string.Concat(Enumerable.Range(0, 500).Select(i => i * i % 7 < 3 ? "a" : "b"));
        var theirs = tokenizer.ToTokenizer();
        Assert.Equal(theirs.EncodeToIds(word), tokenizer.Encode(word));
    }

    [Fact]
    public void MostFrequentPair_MergesFirst_TiesBySmallerIds()
    {
        var tokenizer = ByteLevelTokenizer.Train(["xyxyxy abab"], 260);
        Assert.Equal(["xy", "ab", "xyxy"], Enumerable.Range(256, 3).Select(tokenizer.TokenText));
    }

    [Fact]
    public void VocabularyTooLarge_NamesLargestPossible()
    {
        var error = Assert.Throws<ArgumentException>(() => ByteLevelTokenizer.Train(["abab abab"], 5000));
        Assert.Contains("The largest possible is ", error.Message);
        var largest = int.Parse(error.Message.Split("The largest possible is ")[1].Split(';')[0], CultureInfo.InvariantCulture);
        Assert.Equal(largest, ByteLevelTokenizer.Train(["abab abab"], largest).VocabularySize);
    }

    [Fact]
    public void Saved_LoadsAsItWas()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        Small.Save(folder);
        var loaded = ByteLevelTokenizer.Load(folder);
        Assert.Equal((Small.VocabularySize, Small.BosId), (loaded.VocabularySize, loaded.BosId));
        Assert.Equal(Small.Encode(Prose), loaded.Encode(Prose));
        Assert.Equal(["merges.txt", "tokenizer.sha256", "vocab.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Directory.Delete(folder, true);
    }

    [Fact]
    public void CutVocabulary_HasFirstEntries_AndBosLast()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        Small.Save(folder);
        var cut = ByteLevelTokenizer.Load(folder, 280);
        Assert.Equal((280, 279), (cut.VocabularySize, cut.BosId));
        Assert.Equal(Enumerable.Range(0, 279).Select(Small.TokenText), Enumerable.Range(0, 279).Select(cut.TokenText));
        Assert.Equal(Prose, cut.Decode(cut.Encode(Prose)));
        Directory.Delete(folder, true);
    }
}
