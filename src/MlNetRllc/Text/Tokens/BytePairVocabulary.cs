using System.Text.Json;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Text.Tokens;

/// <summary>The tokens of a byte-level BPE: what each stands for, which pairs merge, in which order.</summary>
internal sealed class BytePairVocabulary
{
    /// <summary>The token that begins every document.</summary>
    public const string BosToken = "<|bos|>";

    private readonly byte[][] tokens;
    private string? fingerprint;

    private BytePairVocabulary(byte[][] tokens, List<(int Left, int Right)> merges, Dictionary<long, (int Rank, int Id)> ranks)
    {
        this.tokens = tokens;
        (Merges, Ranks) = (merges, ranks);
        foreach (var (token, id) in tokens.Select((token, id) => (token, id)))
            if (token.Length == 1) ByteIds[token[0]] = id;
    }

    /// <summary>Number of tokens, BOS included.</summary>
    public int Size => tokens.Length + 1;

    /// <summary>The id of <see cref="BosToken"/>: the last one.</summary>
    public int Bos => tokens.Length;

    public IReadOnlyList<(int Left, int Right)> Merges { get; }

    public int[] ByteIds { get; } = new int[256];

    private Dictionary<long, (int Rank, int Id)> Ranks { get; }

    /// <summary>The bytes that a token stands for; none for BOS.</summary>
    public ReadOnlySpan<byte> this[int id] => id == Bos ? default : tokens[id];

    public bool TryMerge(int left, int right, out int rank, out int id)
    {
        var found = Ranks.TryGetValue(Key(left, right), out var merge);
        (rank, id) = merge;
        return found;
    }

    /// <summary>The vocabulary that <paramref name="merges"/> build from the 256 bytes, in their order.</summary>
    public static BytePairVocabulary FromMerges(IReadOnlyList<(int Left, int Right)> merges)
    {
        var tokens = new byte[256 + merges.Count][];
        for (var id = 0; id < 256; id++) tokens[id] = [ByteAlphabet.ByteAt(id)];
        var ranks = new Dictionary<long, (int, int)>(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            tokens[256 + rank] = [.. tokens[left], .. tokens[right]];
            ranks[Key(left, right)] = (rank, 256 + rank);
        }
        return new(tokens, [.. merges], ranks);
    }

    /// <summary>Reads the files that GPT-2 and its relatives are published in.</summary>
    /// <param name="vocabulary">Path of <c>vocab.json</c>.</param>
    /// <param name="merges">Path of <c>merges.txt</c>.</param>
    /// <param name="size">Keep the entries whose id lies below this, less one for BOS; null keeps all.</param>
    public static BytePairVocabulary Read(string vocabulary, string merges, int? size = null)
    {
        var ids = ReadIds(vocabulary);
        ids.Remove(BosToken);
        var known = ids.Count;
        // An entry that writes no bytes is a special token such as <|endoftext|>; as the last ones they are left out.
        while (known > 0 && ids.First(entry => entry.Value == known - 1).Key is var last && (ByteAlphabet.Read(last) is null || last.StartsWith("<|", StringComparison.Ordinal)))
        {
            ids.Remove(last);
            known--;
        }
        if (size > known + 1)
            throw new ArgumentOutOfRangeException(nameof(size), size, $"{vocabulary} has {known} entries; with {BosToken} a vocabulary of at most {known + 1} can be cut from it.");
        if (size <= 256) throw new ArgumentOutOfRangeException(nameof(size), size, $"The vocabulary size must be at least 257: 256 bytes and {BosToken}.");
        var kept = (size ?? known + 1) - 1;
        var tokens = new byte[kept][];
        foreach (var (text, id) in ids)
            if (id < kept)
                tokens[id] = ByteAlphabet.Read(text) ?? throw new InvalidDataException($"{vocabulary}: the entry '{text}' (id {id}) is not written in the byte alphabet of GPT-2.");
        if (Enumerable.Range(0, 256).Except(tokens.Where(token => token.Length == 1).Select(token => (int)token[0])).Any())
            throw new InvalidDataException($"{vocabulary}: the first {kept} entries do not hold every single byte; the text could not be written back.");
        var (list, ranks) = ReadMerges(merges, ids, kept);
        return new(tokens, list, ranks);
    }

    /// <summary>Writes <c>vocab.json</c> and <c>merges.txt</c> into <paramref name="folder"/>, each whole or not at all.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, "vocab.json"), WriteIds);
        AtomicFile.Write(Path.Combine(folder, "merges.txt"), WriteMerges);
    }

    /// <summary>The entries as <c>vocab.json</c> writes them, BOS last.</summary>
    public IEnumerable<KeyValuePair<string, int>> Entries =>
        tokens.Select((token, id) => KeyValuePair.Create(ByteAlphabet.Write(token), id)).Append(KeyValuePair.Create(BosToken, Bos));

    /// <summary>The merges as <c>merges.txt</c> writes them.</summary>
    public IEnumerable<string> WrittenMerges => Merges.Select(merge => $"{ByteAlphabet.Write(tokens[merge.Left])} {ByteAlphabet.Write(tokens[merge.Right])}");

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
    public void Write(BinaryWriter writer)
    {
        writer.Write(tokens.Length);
        foreach (var token in tokens)
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
            return fingerprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static BytePairVocabulary Read(BinaryReader reader)
    {
        var tokens = new byte[reader.ReadInt32()][];
        for (var id = 0; id < tokens.Length; id++) tokens[id] = reader.ReadBytes(reader.Read7BitEncodedInt());
        var count = reader.ReadInt32();
        var merges = new List<(int, int)>(count);
        var ranks = new Dictionary<long, (int, int)>(count);
        for (var rank = 0; rank < count; rank++)
        {
            merges.Add((reader.ReadInt32(), reader.ReadInt32()));
            ranks.Add(Key(merges[rank].Item1, merges[rank].Item2), (rank, reader.ReadInt32()));
        }
        return new(tokens, merges, ranks);
    }

    private static Dictionary<string, int> ReadIds(string path)
    {
        Dictionary<string, int> ids;
        try
        {
            using var stream = File.OpenRead(path);
            ids = JsonSerializer.Deserialize<Dictionary<string, int>>(stream) ?? throw new JsonException("null instead of an object");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not a vocabulary (a JSON object of token to id): {e.Message}", e);
        }
        if (!ids.Values.Order().SequenceEqual(Enumerable.Range(0, ids.Count)))
            throw new InvalidDataException($"{path}: the ids are not 0 to {ids.Count - 1}, each once.");
        return ids;
    }

    private static (List<(int, int)>, Dictionary<long, (int, int)>) ReadMerges(string path, Dictionary<string, int> ids, int kept)
    {
        var merges = new List<(int, int)>();
        var ranks = new Dictionary<long, (int, int)>();
        foreach (var (line, number) in File.ReadLines(path).Select((line, i) => (line, i + 1)))
        {
            if (line.Length == 0 || number == 1 && line.StartsWith("#version", StringComparison.Ordinal)) continue;
            var parts = line.Split(' ');
            if (parts.Length != 2 || !ids.TryGetValue(parts[0], out var left) || !ids.TryGetValue(parts[1], out var right) || !ids.TryGetValue(parts[0] + parts[1], out var id))
                throw new InvalidDataException($"{path}, line {number}: '{line}' is not a pair of entries of the vocabulary whose union is one.");
            if (left >= kept || right >= kept || id >= kept) continue;
            if (ranks.TryAdd(Key(left, right), (merges.Count, id))) merges.Add((left, right));
        }
        return (merges, ranks);
    }

    private static long Key(int left, int right) => (long)left << 32 | (uint)right;
}
