using CsCheck;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Text;

public sealed class EncodingPipelineTests
{
    private static readonly ByteLevelTokenizer Tokenizer = ByteLevelTokenizer.Train(
    [
        "the head looks back at the token before it, and the token's head looks back at the other one.\n\n"
        + "  日本語の文章、日本語。",
    ], 280);

    private static readonly string[] Pieces =
        [" ", "  ", "\n", "\t", "\u00A0", "'", "'s", "'re", "'x", "the", "9", "½", "!", "\ud83d", "\u0301", "日本"];

    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String[Gen.Char['\0', '\uFFFF'], 0, 200],
        Gen.String[Gen.Char[' ', '~'], 0, 200],
        Gen.OneOf([.. Pieces.Select(Gen.Const)]).Array[0, 60].Select(string.Concat));

    // Plain and slow: one document after the other, all tokens held.
    private static List<(string Tokens, string Split)> Serial(IEnumerable<string> documents, TokenizeTextOptions options)
    {
        var contexts = new List<(string, string)>();
        var all = new Dictionary<string, List<int>> { ["train"] = [], ["validation"] = [] };
        var used = new Dictionary<string, int> { ["train"] = 0, ["validation"] = 0 };
        foreach (var document in documents)
        {
            var split = ContextPacker.SplitOf(document, options.ValidationFraction);
            all[split].AddRange([Tokenizer.BosId, .. Tokenizer.Encode(document)]);
            while (all[split].Count - used[split] >= options.ContextLength)
            {
                var lead = options.BosAtContextStart && all[split][used[split]] != Tokenizer.BosId ? 1 : 0;
                var taken = all[split].GetRange(used[split], options.ContextLength - lead);
                contexts.Add((string.Join(' ', Enumerable.Repeat(Tokenizer.BosId, lead).Concat(taken)), split));
                used[split] += taken.Count;
            }
        }
        return contexts;
    }

    private static List<(string Tokens, string Split)> Packed(IEnumerable<string> documents, TokenizeTextOptions options)
    {
        var rows = new ContextPacker(Tokenizer, options).Pack(documents.Select(text => text.AsMemory()));
        return [.. rows.Select(row => (string.Join(' ', row.Tokens), row.Split))];
    }

    private static readonly Gen<(string[] Documents, int Length, bool Bos)> Packings =
        Gen.Select(AnyText.Array[1, 40], Gen.Int[2, 20], Gen.Bool);

    [Fact]
    public void AnyDocuments_GiveTheContextsOfOneAfterTheOther() => Packings.ForAll((documents, length, bos) =>
    {
        var options = new TokenizeTextOptions { ContextLength = length, BosAtContextStart = bos, ValidationFraction = 0.3 };
        var expected = Serial(documents, options);
        if (expected.Count > 0) Assert.Equal(expected, Packed(documents, options));
    }, cases: 300);

    [Fact]
    public void DocumentsOfMillionsOfCharacters_AreCutWithoutATrace()
    {
        static string Word(int i) => i % 7 == 0 ? "\n\n the" : i % 3 == 0 ? "token's " : $" {i * i % 1013}";
        var words = string.Concat(Enumerable.Range(0, 400_000).Select(Word));
        var documents = new[] { "first", words, new string('x', 600_000), "last one" };
        var options = new TokenizeTextOptions { ContextLength = 4096, ValidationFraction = 0 };
        Assert.Equal(Serial(documents, options), Packed(documents, options));
    }

    [Fact]
    public void AnyText_IsCutAsTheExpressionCutsIt() => AnyText.ForAll(text =>
    {
        var lengths = new List<int>();
        for (var at = 0; at < text.Length; at += lengths[^1]) lengths.Add(PreTokens.Length(text.AsSpan(at)));
        Assert.Equal(PreTokens.Pattern.Matches(text).Select(match => match.Length), lengths);
    }, cases: 5000);

    [Fact]
    public void BrokenSource_GivesWhatCameBefore_ThenItsError()
    {
        IEnumerable<ReadOnlyMemory<char>> Documents()
        {
            for (var i = 0; i < 20_000; i++) yield return $"document {i} of the text".AsMemory();
            throw new IOException("the source broke");
        }
        var contexts = new ContextPacker(Tokenizer, new() { ContextLength = 8 }).Pack(Documents()).GetEnumerator();
        var error = Assert.Throws<IOException>(() =>
        {
            while (contexts.MoveNext()) { }
        });
        Assert.Equal("the source broke", error.Message);
    }

    [Fact]
    public void CallerThatStopsEarly_StopsTheReader()
    {
        var (read, closed) = (0, false);
        IEnumerable<ReadOnlyMemory<char>> Documents()
        {
            try
            {
                for (var i = 0; i < int.MaxValue; i++)
                {
                    read++;
                    yield return $"document {i} of a text without end".AsMemory();
                }
            }
            finally
            {
                closed = true;
            }
        }
        Assert.Equal(3, new ContextPacker(Tokenizer, new() { ContextLength = 8 }).Pack(Documents()).Take(3).Count());
        Assert.True(closed);
        Assert.InRange(read, 1, 1_000_000);
    }
}
