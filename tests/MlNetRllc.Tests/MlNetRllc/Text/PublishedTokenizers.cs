using System.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Text;

/// <summary>Small tokenizers of every kind, in the files in which such are published.</summary>
internal static class PublishedTokenizers
{
    /// <summary>The tokenizer that the byte-level ones are made of: 290 tokens, the last is BOS.</summary>
    public static ByteLevelTokenizer Small { get; } = ByteLevelTokenizer.Train(
        [
            "The head looks back at the token before. The head that looks back finds the token that came before it, "
            + "the token's head.\n\nÄrger über Öl; 日本語の文章、日本語。",
        ], 290);

    // Our tokenizers' files hold BOS as an entry; a published one holds only tokens of text.
    public static TokenizerFiles Write(string folder, TokenizerKind kind)
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
                File.Delete(Path.Combine(folder, "tokenizer.sha256")); // other programs write none
                var vocabulary = At("vocab.json", System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(written.ToDictionary()));
                return new() { Kind = kind, File = vocabulary, Merges = Path.Combine(folder, "merges.txt") };
            case TokenizerKind.Tiktoken:
                var lines = Enumerable.Range(0, Small.BosId).Select(id => $"{Convert.ToBase64String(Small.Vocabulary[id])} {id}\n");
                return new() { Kind = kind, File = At("small.tiktoken", Encoding.ASCII.GetBytes(string.Concat(lines))) };
            case TokenizerKind.SentencePiece:
                return new() { Kind = kind, File = At("tokenizer.model", SentencePieces("the", "head", "looks", "back")) };
            default:
                return new() { Kind = kind, File = At("vocab.txt", "[UNK]\nthe\nhead\nlooks\nback\n##s\n"u8.ToArray()) };
        }
    }

    // A model of the published form by hand: pieces, a trainer of byte pairs with bytes to fall back on, a normalizer that
    // changes nothing but spaces.
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
        static IEnumerable<string> Beginnings(string piece) =>
            Enumerable.Range(2, Math.Max(0, piece.Length - 1)).Select(length => piece[..length]);
        var merges = words.SelectMany(word => Beginnings("▁" + word)).Distinct().ToList();
        foreach (var (piece, rank) in merges.Select((piece, rank) => (piece, rank))) Piece(piece, -rank, 1);
        var letters = ("▁" + string.Concat(words)).Distinct().Select((letter, rank) => (letter, rank));
        foreach (var (letter, rank) in letters) Piece(letter.ToString(), -1000 - rank, 1);
        // Field numbers above 15 take two bytes.
        static byte[] Field(int number, byte value) => [(byte)(number << 3 & 127 | 128), (byte)(number >> 4), value];
        Message(model, 2, [3 << 3, 2, .. Field(35, 1), .. Field(40, 0), .. Field(41, 1), .. Field(42, 2)]);
        Message(model, 3, [3 << 3, 1, 4 << 3, 0, 5 << 3, 1]);
        return model.ToArray();
    }
}
