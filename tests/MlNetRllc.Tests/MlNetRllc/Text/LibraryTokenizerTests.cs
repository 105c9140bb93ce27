using System.Text;
using CsCheck;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Tokenizers;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Text;

public sealed class LibraryTokenizerTests : IDisposable
{
    private const string Prose = "The head looks back at the token before. The head that looks back finds the token that came before it, the token's head.\n\nÄrger über Öl; 日本語の文章、日本語。";

    private static readonly ByteLevelTokenizer Small = ByteLevelTokenizer.Train([Prose], 290);

    private static readonly Gen<string> AnyText = Gen.OneOf(Gen.String[Gen.Char['\0', '\uFFFF'], 0, 100], Gen.String[Gen.Char[' ', '~'], 0, 100],
        Gen.OneOf([.. ((string[])[" ", "\n", "the ", "head", "'s", "\ud83d\ude00", "\u0301", "\0"]).Select(Gen.Const)]).Array[0, 40].Select(string.Concat));

    private readonly MLContext ml = new(seed: 1);
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-tokenizer-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private IDataView Documents() => ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Row($"Document {i}: the head looks back at the token {i * 7} before it.")));

    private static List<int> Tokens(IDataView view) => [.. view.GetColumn<int[]>("Tokens").SelectMany(row => row)];

    // Our tokenizers' files hold BOS as an entry; a published one holds only tokens of text.
    private TokenizerFiles Files(TokenizerKind kind)
    {
        var written = Small.Vocabulary.Entries.Where(entry => entry.Value != Small.BosId).ToList();
        string At(string name, byte[] content)
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
            return Path.Combine(folder, name);
        }
        switch (kind)
        {
            case TokenizerKind.Bpe:
                Small.Save(folder);
                return new() { Kind = kind, File = At("vocab.json", System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(written.ToDictionary())), Merges = Path.Combine(folder, "merges.txt") };
            case TokenizerKind.Tiktoken:
                var lines = Enumerable.Range(0, Small.BosId).Select(id => $"{Convert.ToBase64String(Small.Vocabulary[id])} {id}\n");
                return new() { Kind = kind, File = At("small.tiktoken", Encoding.ASCII.GetBytes(string.Concat(lines))) };
            case TokenizerKind.SentencePiece:
                return new() { Kind = kind, File = At("tokenizer.model", SentencePieces("the", "head", "looks", "back")) };
            default:
                return new() { Kind = kind, File = At("vocab.txt", "[UNK]\nthe\nhead\nlooks\nback\n##s\n"u8.ToArray()) };
        }
    }

    // A model of the published form by hand: pieces, a trainer of byte pairs with bytes to fall back on, a normalizer that changes nothing but spaces.
    private static byte[] SentencePieces(params string[] words)
    {
        using var model = new MemoryStream();
        void Message(Stream target, int field, byte[] content)
        {
            target.WriteByte((byte)(field << 3 | 2));
            for (var rest = content.Length; ; rest >>= 7)
            {
                target.WriteByte((byte)(rest > 127 ? rest & 127 | 128 : rest));
                if (rest <= 127) break;
            }
            target.Write(content);
        }
        void Piece(string text, float score, byte type)
        {
            using var piece = new MemoryStream();
            Message(piece, 1, Encoding.UTF8.GetBytes(text));
            piece.Write([2 << 3 | 5, .. BitConverter.GetBytes(score), 3 << 3, type]);
            Message(model, 1, piece.ToArray());
        }
        Piece("<unk>", 0, 2);
        Piece("<s>", 0, 3);
        Piece("</s>", 0, 3);
        for (var value = 0; value < 256; value++) Piece($"<0x{value:X2}>", 0, 6);
        var merges = words.SelectMany(word => Enumerable.Range(2, Math.Max(0, ("▁" + word).Length - 1)).Select(length => ("▁" + word)[..length])).Distinct().ToList();
        foreach (var (piece, rank) in merges.Select((piece, rank) => (piece, rank))) Piece(piece, -rank, 1);
        foreach (var (letter, rank) in ("▁" + string.Concat(words)).Distinct().Select((letter, rank) => (letter, rank))) Piece(letter.ToString(), -1000 - rank, 1);
        Message(model, 2, [3 << 3, 2, 35 << 3 & 127 | 128, 35 >> 4, 1, 40 << 3 & 127 | 128, 40 >> 4, 0, 41 << 3 & 127 | 128, 41 >> 4, 1, 42 << 3 & 127 | 128, 42 >> 4, 2]);
        Message(model, 3, [3 << 3, 1, 4 << 3, 0, 5 << 3, 1]);
        return model.ToArray();
    }

    [Theory]
    [InlineData(TokenizerKind.Bpe)]
    [InlineData(TokenizerKind.Tiktoken)]
    public void ByteLevelKinds_GiveAnyTextBack(TokenizerKind kind)
    {
        var tokenizer = LibraryTokenizer.Load(Files(kind), 290);
        AnyText.Where(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text).ForAll(text => Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text))), cases: 1000);
    }

    [Theory]
    [InlineData(TokenizerKind.SentencePiece, "the head looks back")]
    [InlineData(TokenizerKind.WordPiece, "the head looks back")]
    public void WordKinds_GiveKnownWordsBack(TokenizerKind kind, string text)
    {
        var tokenizer = LibraryTokenizer.Load(Files(kind), 400);
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)).Trim());
        Assert.InRange(tokenizer.Encode(text).Count, 1, 12);
        Assert.Equal("<|bos|>", tokenizer.TokenText(399));
    }

    [Theory]
    [InlineData(TokenizerKind.Bpe)]
    [InlineData(TokenizerKind.Tiktoken)]
    [InlineData(TokenizerKind.SentencePiece)]
    [InlineData(TokenizerKind.WordPiece)]
    public void SavedModel_CarriesItsTokenizer(TokenizerKind kind)
    {
        var options = new TokenizeTextOptions { VocabularySize = 400, ContextLength = 16, Tokenizer = Files(kind) };
        var fitted = ml.Rllc.TokenizeText(options).Fit(Documents());
        using var file = new MemoryStream();
        ml.Model.Save(fitted, Documents().Schema, file);
        foreach (var path in Directory.GetFiles(folder)) File.Delete(path);
        file.Position = 0;
        var loaded = Assert.IsType<TokenizeTextTransformer>(new MLContext().Model.Load(file, out _));
        Assert.Equal(Tokens(fitted.Transform(Documents())), Tokens(loaded.Transform(Documents())));
        Assert.Equal((400, 399, fitted.Tokenizer.Fingerprint), (loaded.Tokenizer.VocabularySize, loaded.Tokenizer.BosId, loaded.Tokenizer.Fingerprint));
    }

    [Fact]
    public void TokenizerObject_Tokenizes_ButIsNotSaved()
    {
        var given = Small.ToTokenizer();
        var fitted = ml.Rllc.TokenizeText(given, new() { VocabularySize = 291, ContextLength = 16, ValidationFraction = 0, BosAtContextStart = false }).Fit(Documents());
        var expected = Documents().GetColumn<string>("Text").SelectMany(text => given.EncodeToIds(text).Prepend(290)).ToList();
        Assert.Equal(expected.Take(expected.Count / 16 * 16), Tokens(fitted.Transform(Documents())));
        using var file = new MemoryStream();
        var error = Assert.ThrowsAny<Exception>(() => ml.Model.Save(fitted, Documents().Schema, file));
        Assert.Contains("Give it by its files", error.ToString());
    }

    [Fact]
    public void VocabularyTooSmall_NamesTheSizeNeeded()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ml.Rllc.TokenizeText(new TokenizeTextOptions { VocabularySize = 280, Tokenizer = Files(TokenizerKind.Bpe) }).Fit(Documents()));
        Assert.Contains("set VocabularySize to 290 or more", error.Message);
    }

    [Fact]
    public void FileOfAnotherKind_IsRefusedByName()
    {
        File.WriteAllText(Path.Combine(folder, "other.model"), "no model");
        var error = Assert.Throws<InvalidDataException>(() => LibraryTokenizer.Load(new() { Kind = TokenizerKind.Tiktoken, File = Path.Combine(folder, "other.model") }, 1000));
        Assert.Contains("other.model", error.Message);
        Assert.Contains("gone.model", Assert.Throws<FileNotFoundException>(() =>
            LibraryTokenizer.Load(new() { Kind = TokenizerKind.SentencePiece, File = Path.Combine(folder, "gone.model") }, 1000)).Message);
    }

    [Fact]
    public void OwnBosToken_IsUsed()
    {
        var tokenizer = LibraryTokenizer.Load(Files(TokenizerKind.SentencePiece) with { BosId = 1 }, 400);
        Assert.Equal((1, "<|bos|>"), (tokenizer.BosId, tokenizer.TokenText(1)));
    }

    private sealed record Row(string Text);
}
