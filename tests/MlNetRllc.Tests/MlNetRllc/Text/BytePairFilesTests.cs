using System.Text.Json;
using Microsoft.ML;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Text;

/// <summary>Vocabularies as they are published: special entries anywhere, ids that no text gives.</summary>
public sealed class BytePairFilesTests : IDisposable
{
    private const string Text = "The head looks back at the token before; <s> Ärger 日本語\n\n";

    private readonly string folder = Directory.CreateTempSubdirectory("rllc-vocabulary-").FullName;

    private static ByteLevelTokenizer Small => PublishedTokenizers.Small;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("<|bos|>")]
    [InlineData("<|endoftext|>")]
    [InlineData("<s>")]
    [InlineData("[BOS]")]
    public void SpecialEntryOfId0_BeginsDocuments_AndMovesAllIdsByOne(string name)
    {
        Write([name], []);
        foreach (var tokenizer in (ByteLevelTokenizer[])[ByteLevelTokenizer.Load(folder), ByteLevelTokenizer.Load(folder, 290)])
        {
            Assert.Equal((290, 0, "<|bos|>"), (tokenizer.VocabularySize, tokenizer.BosId, tokenizer.TokenText(0)));
            Assert.Equal(Small.Encode(Text).Select(id => id + 1), tokenizer.Encode(Text));
            Assert.Equal(Text, tokenizer.Decode([0, .. tokenizer.Encode(Text)]));
        }
    }

    [Fact]
    public void SeveralSpecialEntries_TheOneOfThatNameBeginsDocuments_AndTheRestAreNoText()
    {
        Write(["<s>", "<pad>", "</s>", "<unk>"], ["<mask>"]);
        var tokenizer = ByteLevelTokenizer.Load(folder, 294);
        Assert.Equal((294, 0), (tokenizer.VocabularySize, tokenizer.BosId));
        Assert.Equal(Small.Encode(Text).Select(id => id + 4), tokenizer.Encode(Text));
        Assert.Equal(["<pad>", "<mask>"], [tokenizer.TokenText(1), tokenizer.TokenText(293)]);
    }

    [Theory]
    [InlineData("", 289)]
    [InlineData("<|endoftext|>", 289)]
    [InlineData("<|anything|>", 289)]
    [InlineData("<|pad|> <|endoftext|>", 290)]
    public void PaddedVocabulary_EncodesAsItsEntriesDo_AndIsItselfWhenReadAgain(string ends, int bos)
    {
        Write([], ends.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var tokenizer = ByteLevelTokenizer.Load(folder, 320);
        Assert.Equal((320, bos), (tokenizer.VocabularySize, tokenizer.BosId));
        Assert.Equal(Small.Encode(Text), tokenizer.Encode(Text));
        Assert.Equal("", tokenizer.Decode([300, 319]));

        tokenizer.Save(Path.Combine(folder, "saved"));
        Assert.Equal(tokenizer.Fingerprint, ByteLevelTokenizer.Load(Path.Combine(folder, "saved"), 320).Fingerprint);
        Assert.NotEqual(tokenizer.Fingerprint, ByteLevelTokenizer.Load(folder, 321).Fingerprint);
        using var bytes = new MemoryStream();
        tokenizer.Vocabulary.Write(new BinaryWriter(bytes));
        bytes.Position = 0;
        var read = BytePairVocabulary.Read(new BinaryReader(bytes));
        Assert.Equal((320, bos, tokenizer.Fingerprint), (read.Size, read.Bos, read.Fingerprint));
        Assert.Equal(bytes.Length, bytes.Position);
    }

    [Fact]
    public void PaddedTransformer_IsSavedWithItsPadding()
    {
        Write(["<|endoftext|>"], []);
        var ml = new MLContext(seed: 1);
        var documents = ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 40).Select(i => new Row($"Document {i} looks back at the token before it.")));
        var options = new TokenizeTextOptions { VocabularySize = 320, ContextLength = 16, TokenizerFolder = folder };
        var fitted = ml.Rllc.TokenizeText(options).Fit(documents);
        using var file = new MemoryStream();
        ml.Model.Save(fitted, documents.Schema, file);
        file.Position = 0;
        var loaded = (TokenizeTextTransformer)new MLContext().Model.Load(file, out _);
        Assert.Equal(fitted.Tokenizer.Fingerprint, loaded.Tokenizer.Fingerprint);
        Assert.Equal((320, 0), (loaded.Tokenizer.VocabularySize, loaded.Tokenizer.BosId));
    }

    [Fact]
    public void EndsOfNoKnownName_CanBeCut_AndOtherwiseAreAskedFor()
    {
        Write([], ["<|a|>", "<|b|>"]);
        Assert.Equal((290, 289), (ByteLevelTokenizer.Load(folder, 290).VocabularySize, ByteLevelTokenizer.Load(folder, 290).BosId));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ByteLevelTokenizer.Load(folder, 320));
        Assert.Contains("ends with 2 entries that no text gives (<|a|>, <|b|>)", error.Message, StringComparison.Ordinal);
        Assert.Contains("bosId: 289", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "set VocabularySize to 290 or more, or to less than 289 to cut")]
    [InlineData("<unk>", "bosId: 0")]
    public void AsManyTokensAsEntries_NoneOfWhichBeginsDocuments_AreRefused_AndFewerCut(string first, string expected)
    {
        Write(first.Split(' ', StringSplitOptions.RemoveEmptyEntries), []);
        var entries = first.Length == 0 ? 289 : 290;
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ByteLevelTokenizer.Load(folder, entries));
        Assert.Contains("needs one more for BOS", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        var read = ByteLevelTokenizer.Load(folder, entries - 1);
        Assert.Equal((entries - 1, entries - 2), (read.VocabularySize, read.BosId));
    }

    [Theory]
    [InlineData("<start>", "", "<start> (id 0)", "bosId: 0")]
    [InlineData("[CLS]", "", "[CLS] (id 0)", "bosId: 0")]
    [InlineData("<｜begin▁of▁sentence｜>", "", "<｜begin▁of▁sentence｜> (id 0)", "bosId: 0")]
    [InlineData("‹｜begin▁of▁sentence｜>", "", "‹｜begin▁of▁sentence｜> (id 0)", "bosId: 0")]
    [InlineData("", "<start>", "<start> (id 289)", "bosId: 289")]
    [InlineData("<a> <b>", "[CLS]", "<a> (id 0), <b> (id 1), [CLS] (id 291)", "bosId: 0")]
    public void PaddedVocabulary_WithSpecialEntriesOfNoKnownName_AsksWhichBeginsDocuments(
        string before, string behind, string special, string expected)
    {
        Write(before.Split(' ', StringSplitOptions.RemoveEmptyEntries), behind.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ByteLevelTokenizer.Load(folder, 320));
        Assert.Contains($"({special})", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CutOfAVocabulary_WhoseSpecialEntryComesFirst_KeepsIt()
    {
        Write(["<|endoftext|>"], []);
        var cut = ByteLevelTokenizer.Load(folder, 280);
        Assert.Equal((280, 0), (cut.VocabularySize, cut.BosId));
        Assert.Equal(Enumerable.Range(0, 279).Select(Small.TokenText), Enumerable.Range(1, 279).Select(cut.TokenText));
        Assert.Equal(Text, cut.Decode(cut.Encode(Text)));
    }

    [Fact]
    public void LearnedToken_ThatLooksSpecial_IsText()
    {
        var learned = ByteLevelTokenizer.Train(["<| <| <| <|"], 258);
        learned.Save(folder);
        var read = ByteLevelTokenizer.Load(folder, 258);
        Assert.Equal((learned.Fingerprint, 257), (read.Fingerprint, read.BosId));
        Assert.Equal([256], read.Encode("<|"));
    }

    [Theory]
    [InlineData("{}", "holds no entry")]
    [InlineData("{\"a\": 0, \"b\": 2}", "the ids are not 0 to 1")]
    [InlineData("{\"<|bos|>\": 0}", "do not hold every single byte")]
    [InlineData("{\"日\": 0, \"a\": 1}", "is not written in the byte alphabet")]
    public void BrokenVocabulary_IsRefusedByName(string content, string expected)
    {
        File.WriteAllText(Path.Combine(folder, "vocab.json"), content);
        File.WriteAllText(Path.Combine(folder, "merges.txt"), "#version: 0.2\n");
        var error = Assert.Throws<InvalidDataException>(() => ByteLevelTokenizer.Load(folder));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The small tokenizer's 289 tokens of text as published ones are written, with special entries before and behind
    /// them.</summary>
    private void Write(string[] before, string[] behind)
    {
        Small.Save(folder);
        File.Delete(Path.Combine(folder, TokenizerDigests.FileName)); // published ones have none
        var entries = Small.Vocabulary.Entries.Where(e => e.Value != Small.BosId).OrderBy(e => e.Value).Select(e => e.Key);
        string[] names = [.. before, .. entries, .. behind];
        var ids = names.Select((name, id) => (name, id)).ToDictionary(e => e.name, e => e.id);
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(ids));
    }

    private sealed record Row(string Text);
}
