using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Text.Tokens;

/// <summary>The tokens of a byte-level BPE: what each stands for, which pairs merge, in which order.</summary>
internal sealed class BytePairVocabulary
{
    /// <summary>The token that begins every document.</summary>
    public const string BosToken = "<|bos|>";

    private readonly byte[][] tokens;
    private string? fingerprint;

    /// <summary>A vocabulary.</summary>
    /// <param name="tokens">What each entry stands for; nothing for BOS.</param>
    /// <param name="bos">The entry that begins documents.</param>
    /// <param name="size">Number of ids; those behind the entries are in no text, as in models whose vocabulary is padded.</param>
    /// <param name="merges">Pairs and what they become, in their order; of a pair that comes again the first counts.</param>
    public BytePairVocabulary(byte[][] tokens, int bos, int size, IEnumerable<(int Left, int Right, int Id)> merges)
    {
        (this.tokens, Bos, Size) = (tokens, bos, size);
        var list = new List<(int, int)>();
        foreach (var (left, right, id) in merges)
            if (Ranks.TryAdd(Key(left, right), (list.Count, id))) list.Add((left, right));
        Merges = list;
        foreach (var (token, id) in tokens.Select((token, id) => (token, id)))
            if (token.Length == 1) ByteIds[token[0]] = id;
    }

    /// <summary>Number of ids, BOS and padding included.</summary>
    public int Size { get; }

    /// <summary>Number of entries; the ids behind them are padding.</summary>
    public int Known => tokens.Length;

    /// <summary>The id of <see cref="BosToken"/>.</summary>
    public int Bos { get; }

    public IReadOnlyList<(int Left, int Right)> Merges { get; }

    public int[] ByteIds { get; } = new int[256];

    private Dictionary<long, (int Rank, int Id)> Ranks { get; } = [];

    /// <summary>The bytes that a token stands for; none for BOS and padding.</summary>
    public ReadOnlySpan<byte> this[int id] => id < tokens.Length ? tokens[id] : default;

    public bool TryMerge(int left, int right, out int rank, out int id)
    {
        var found = Ranks.TryGetValue(Key(left, right), out var merge);
        (rank, id) = merge;
        return found;
    }

    /// <summary>The vocabulary that <paramref name="merges"/> build from the 256 bytes, in their order; BOS is the last.</summary>
    public static BytePairVocabulary FromMerges(IReadOnlyList<(int Left, int Right)> merges)
    {
        var tokens = new byte[256 + merges.Count + 1][];
        for (var id = 0; id < 256; id++) tokens[id] = [ByteAlphabet.ByteAt(id)];
        for (var rank = 0; rank < merges.Count; rank++) tokens[256 + rank] = [.. tokens[merges[rank].Left], .. tokens[merges[rank].Right]];
        tokens[^1] = [];
        return new(tokens, tokens.Length - 1, tokens.Length, merges.Select((merge, rank) => (merge.Left, merge.Right, 256 + rank)));
    }

    /// <summary>Writes <c>vocab.json</c> and <c>merges.txt</c> into <paramref name="folder"/>, each whole or not at all.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        LibraryTokenizer.Forget(folder);
        AtomicFile.Write(Path.Combine(folder, "vocab.json"), WriteIds);
        AtomicFile.Write(Path.Combine(folder, "merges.txt"), WriteMerges);
        TokenizerDigests.Write(folder, ["vocab.json", "merges.txt"]);
    }

    /// <summary>The entries as <c>vocab.json</c> writes them.</summary>
    public IEnumerable<KeyValuePair<string, int>> Entries =>
        tokens.Select((token, id) => KeyValuePair.Create(id == Bos ? BosToken : ByteAlphabet.Write(token), id));

    /// <summary>The merges as <c>merges.txt</c> writes them.</summary>
    public IEnumerable<string> WrittenMerges =>
        Merges.Select(merge => $"{ByteAlphabet.Write(tokens[merge.Left])} {ByteAlphabet.Write(tokens[merge.Right])}");

    private void WriteIds(Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartObject();
        foreach (var (text, id) in Entries) writer.WriteNumber(text, id);
        writer.WriteEndObject();
    }

    private void WriteMerges(Stream stream)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("#version: 0.2");
        foreach (var merge in WrittenMerges) writer.WriteLine(merge);
    }

    /// <summary>Writes the whole vocabulary in a compact form.</summary>
    /// <remarks>One with BOS as its last id is written without saying so; any other begins with -1, its size and BOS.</remarks>
    public void Write(BinaryWriter writer)
    {
        var isPlain = Bos == tokens.Length - 1 && Size == tokens.Length;
        if (!isPlain)
        {
            writer.Write(-1);
            writer.Write(Size);
            writer.Write(Bos);
        }
        writer.Write(isPlain ? Bos : tokens.Length);
        foreach (var token in isPlain ? tokens.AsSpan(0, Bos) : tokens)
        {
            writer.Write7BitEncodedInt(token.Length);
            writer.Write(token);
        }
        writer.Write(Merges.Count);
        foreach (var (left, right) in Merges)
        {
            writer.Write(left);
            writer.Write(right);
            writer.Write(Ranks[Key(left, right)].Id);
        }
    }

    /// <summary>SHA-256 of the whole vocabulary, in lower-case hexadecimal.</summary>
    public string Fingerprint
    {
        get
        {
            if (fingerprint is not null) return fingerprint;
            using var bytes = new MemoryStream();
            using (var writer = new BinaryWriter(bytes, System.Text.Encoding.UTF8, leaveOpen: true)) Write(writer);
            return fingerprint = ContentHash.OfBytes(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static BytePairVocabulary Read(BinaryReader reader)
    {
        var (count, size, bos) = (reader.ReadInt32(), 0, 0);
        var isPlain = count >= 0;
        if (!isPlain) (size, bos, count) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        var tokens = new List<byte[]>();
        for (var id = 0; id < count; id++) tokens.Add(reader.ReadBytes(reader.Read7BitEncodedInt()));
        if (isPlain) tokens.Add([]);
        var merges = new (int, int, int)[reader.ReadInt32()];
        for (var rank = 0; rank < merges.Length; rank++) merges[rank] = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        return new([.. tokens], isPlain ? count : bos, isPlain ? count + 1 : size, merges);
    }

    private static long Key(int left, int right) => (long)left << 32 | (uint)right;
}
