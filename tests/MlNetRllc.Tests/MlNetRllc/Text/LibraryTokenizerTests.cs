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
    private static readonly ByteLevelTokenizer Small = PublishedTokenizers.Small;

    private static readonly string[] Pieces = [" ", "\n", "the ", "head", "'s", "\ud83d\ude00", "\u0301", "\0"];

    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String[Gen.Char['\0', '\uFFFF'], 0, 100],
        Gen.String[Gen.Char[' ', '~'], 0, 100],
        Gen.OneOf([.. Pieces.Select(Gen.Const)]).Array[0, 40].Select(string.Concat));

    private readonly MLContext ml = new(seed: 1);
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-tokenizer-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private IDataView Documents() => ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, 40).Select(i => new Row($"Document {i}: the head looks back at the token {i * 7} before it.")));

    private TokenizeTextTransformer Fitted(TokenizeTextOptions options) => ml.Rllc.TokenizeText(options).Fit(Documents());

    private static List<int> Tokens(IDataView view) => [.. view.GetColumn<int[]>("Tokens").SelectMany(row => row)];

    private TokenizerFiles Files(TokenizerKind kind) => PublishedTokenizers.Write(folder, kind);

    [Theory]
    [InlineData(TokenizerKind.Bpe)]
    [InlineData(TokenizerKind.Tiktoken)]
    public void ByteLevelKinds_GiveAnyTextBack(TokenizerKind kind)
    {
        var tokenizer = LibraryTokenizer.Load(Files(kind), 290);
        var texts = AnyText.Where(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text);
        texts.ForAll(text => Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text))), cases: 1000);
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
        Assert.Equal(fitted.Tokenizer.Fingerprint, loaded.Tokenizer.Fingerprint);
        Assert.Equal((400, 399), (loaded.Tokenizer.VocabularySize, loaded.Tokenizer.BosId));
    }

    [Fact]
    public void TokenizerObject_Tokenizes_ButIsNotSaved()
    {
        var given = Small.ToTokenizer();
        var options = new TokenizeTextOptions
        {
            VocabularySize = 291, ContextLength = 16, ValidationFraction = 0, BosAtContextStart = false,
        };
        var fitted = ml.Rllc.TokenizeText(given, options).Fit(Documents());
        var expected = Documents().GetColumn<string>("Text").SelectMany(text => given.EncodeToIds(text).Prepend(290)).ToList();
        Assert.Equal(expected.Take(expected.Count / 16 * 16), Tokens(fitted.Transform(Documents())));
        using var file = new MemoryStream();
        var error = Assert.ThrowsAny<Exception>(() => ml.Model.Save(fitted, Documents().Schema, file));
        Assert.Contains("Give it by its files", error.ToString());
    }

    [Fact]
    public void VocabularyTooSmall_NamesTheSizeNeeded()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            Fitted(new() { VocabularySize = 280, Tokenizer = Files(TokenizerKind.Bpe) }));
        Assert.Contains("set VocabularySize to 290 or more", error.Message);
    }

    [Theory]
    [InlineData(TokenizerKind.Bpe)]
    [InlineData(TokenizerKind.Tiktoken)]
    [InlineData(TokenizerKind.SentencePiece)]
    [InlineData(TokenizerKind.WordPiece)]
    public void SavedFolder_IsATokenizerFolder(TokenizerKind kind)
    {
        var given = LibraryTokenizer.Load(Files(kind), 400);
        var saved = Path.Combine(folder, "saved");
        given.Save(saved);
        var read = Fitted(new() { VocabularySize = 400, ContextLength = 16, TokenizerFolder = saved });
        Assert.Equal(given.Fingerprint, read.Tokenizer.Fingerprint);
        // Its transformer is saved as that kind too.
        using var file = new MemoryStream();
        ml.Model.Save(read, Documents().Schema, file);
        file.Position = 0;
        Assert.Equal(given.Fingerprint, ((TokenizeTextTransformer)new MLContext().Model.Load(file, out _)).Tokenizer.Fingerprint);
    }

    [Fact]
    public void FilesOfOneName_FromTwoFolders_AreSavedApart()
    {
        var files = Files(TokenizerKind.Bpe);
        string In(string place) => Path.Combine(Directory.CreateDirectory(Path.Combine(folder, place)).FullName, "tokenizer.json");
        File.Move(files.File!, In("a"));
        File.Move(files.Merges!, In("b"));
        var given = LibraryTokenizer.Load(files with { File = In("a"), Merges = In("b") }, 400);
        given.Save(Path.Combine(folder, "saved"));
        var read = Fitted(new() { VocabularySize = 400, TokenizerFolder = Path.Combine(folder, "saved") });
        Assert.Equal(given.Fingerprint, read.Tokenizer.Fingerprint);
    }

    [Fact]
    public void LearnedTokenizer_SavedOverAPublishedOne_TakesItsPlace()
    {
        var saved = Path.Combine(folder, "saved");
        LibraryTokenizer.Load(Files(TokenizerKind.WordPiece), 400).Save(saved);
        Small.Save(saved);
        Assert.Equal(Small.Fingerprint, Fitted(new() { VocabularySize = 290, TokenizerFolder = saved }).Tokenizer.Fingerprint);
    }

    [Theory]
    [InlineData(TokenizerKind.Bpe)]
    [InlineData(TokenizerKind.Tiktoken)]
    [InlineData(TokenizerKind.SentencePiece)]
    [InlineData(TokenizerKind.WordPiece)]
    public void PaddedIds_HaveTexts_ThatAreEmpty(TokenizerKind kind)
    {
        var tokenizer = LibraryTokenizer.Load(Files(kind) with { BosId = 0 }, 700);
        Assert.Equal(700, Enumerable.Range(0, 700).Select(tokenizer.TokenText).Count());
        Assert.All(Enumerable.Range(600, 100), id => Assert.Equal("", tokenizer.TokenText(id)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"a\": null}")]
    [InlineData("{\"a\": -1}")]
    public void BrokenVocabulary_IsRefusedByName(string content)
    {
        var files = Files(TokenizerKind.Bpe);
        File.WriteAllText(files.File!, content);
        var error = Record.Exception(() => LibraryTokenizer.Load(files, 400));
        var said = Assert.IsType<InvalidDataException>(error).Message;
        Assert.Contains("vocab.json cannot be read as a tokenizer of kind Bpe", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Object reference", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("YQ== 0\nYg== 1\n")]
    public void RankedBytes_ThatAreNotAll_AreRefusedByName(string content)
    {
        File.WriteAllText(Path.Combine(folder, "few.tiktoken"), content);
        var few = new TokenizerFiles { Kind = TokenizerKind.Tiktoken, File = Path.Combine(folder, "few.tiktoken") };
        var error = Assert.Throws<InvalidDataException>(() => LibraryTokenizer.Load(few, 400));
        const string said = "few.tiktoken has no token for some of the text: it does not hold every byte";
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FileOfAnotherKind_IsRefusedByName()
    {
        File.WriteAllText(Path.Combine(folder, "other.model"), "no model");
        var other = new TokenizerFiles { Kind = TokenizerKind.Tiktoken, File = Path.Combine(folder, "other.model") };
        var error = Assert.Throws<InvalidDataException>(() => LibraryTokenizer.Load(other, 1000));
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
