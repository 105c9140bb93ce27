using System.Text;
using System.Text.Json;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Text.Tokens;

/// <summary>Reads the files that GPT-2 and its relatives are published in: <c>vocab.json</c> and <c>merges.txt</c>.</summary>
/// <remarks>An entry is a byte, or made by a merge; any other is special, for no text gives it. The special
/// entry that begins documents may have any id.</remarks>
internal sealed class BytePairFiles
{
    // Names under which vocabularies are published; the first that is there counts.
    private static readonly string[] BosNames =
        [BytePairVocabulary.BosToken, "<bos>", "<s>", "[BOS]", "<|begin_of_text|>", "<|startoftext|>", "<|beginoftext|>", "<|endoftext|>"];

    private readonly string path;
    private readonly string[] names;
    private readonly List<(int Left, int Right, int Id)> merges;
    private readonly HashSet<int> made;

    private BytePairFiles(string path, Dictionary<string, int> ids, string mergesPath)
    {
        this.path = path;
        names = [.. ids.OrderBy(entry => entry.Value).Select(entry => entry.Key)];
        merges = ReadMerges(mergesPath, ids);
        made = [.. merges.Select(merge => merge.Id)];
    }

    /// <summary>Reads a vocabulary.</summary>
    /// <param name="vocabulary">Path of <c>vocab.json</c>.</param>
    /// <param name="merges">Path of <c>merges.txt</c>.</param>
    /// <param name="size">Fewer tokens than entries cut the vocabulary to its first ones, more pad it with ids
    /// that no text gives; null keeps all.</param>
    /// <exception cref="InvalidDataException">A file is not what it should be; the message names it and the line.</exception>
    public static BytePairVocabulary Read(string vocabulary, string merges, int? size)
    {
        if (size <= 256)
            throw new ArgumentOutOfRangeException(
                nameof(size), size, $"The vocabulary size must be at least 257: 256 bytes and {BytePairVocabulary.BosToken}.");
        return new BytePairFiles(vocabulary, ReadIds(vocabulary), merges).Cut(size);
    }

    private BytePairVocabulary Cut(int? size)
    {
        var (own, ends) = (OwnBos(), Ends());
        if (own is null && ends.Count == 1) own = names.Length - 1;
        if (own is { } bos && (size is null || bos < size))
            return VocabularyWith(Math.Min(size ?? names.Length, names.Length), bos, size ?? names.Length);
        // Without one of its own, documents begin with the last id of a cut vocabulary, or with the id behind the last token of text.
        var known = names.Length - ends.Count;
        if (own is null && ends.Count > 1 && size > known + 1)
            throw new ArgumentOutOfRangeException(nameof(size), size,
                $"{path} ends with {ends.Count} entries that no text gives ({string.Join(", ", ends)}), "
                + "and by its name none of them begins documents. Say which does by the option "
                + $"'tokenizer' in the place of the folder: {{ kind: bpe, file: vocab.json, merges: "
                + $"merges.txt, bosId: {known} }}; or cut the vocabulary to at most {known + 1} entries.")
                .About(ErrorPage.BeginningToken);
        if (own is null && ends.Count == 0 && size >= names.Length) CheckNoneBegins(size.Value);
        var behind = Math.Min((size ?? known + 1) - 1, own is null ? known : names.Length);
        return VocabularyWith(behind, behind, Math.Max(size ?? 0, behind + 1));
    }

    // BOS lies behind the entries only where there is an id for it and no entry may be meant for it.
    private void CheckNoneBegins(int size)
    {
        var behind = Enumerable.Range(1, names.Length).Select(i => names.Length - i).TakeWhile(LooksSpecial).Reverse();
        int[] special = [.. Enumerable.Range(0, names.Length).TakeWhile(LooksSpecial).Union(behind)];
        if (special.Length == 0 && size > names.Length) return;
        var asked = special.Length > 0 ? $"{special[0]}" : "...";
        var given = "'tokenizer' in the place of the folder: "
            + $"{{ kind: bpe, file: vocab.json, merges: merges.txt, bosId: {asked} }}";
        if (special.Length == 0)
            throw new ArgumentOutOfRangeException(nameof(size), size,
                $"VocabularySize is {size}, but {path} has ids up to {names.Length - 1} "
                + "and needs one more for BOS, for by its name no entry begins documents: "
                + $"set VocabularySize to {size + 1} or more, or to less than {size} to cut the vocabulary. "
                + $"If an entry does begin documents, say which by the option {given}.")
                .About(ErrorPage.VocabularyTooSmall);
        var listed = string.Join(", ", special.Take(8).Select(id => $"{names[id]} (id {id})")) + (special.Length > 8 ? ", ..." : "");
        throw new ArgumentOutOfRangeException(nameof(size), size,
            $"{path} has entries that look special ({listed}), and by its name none of "
            + $"them is known to begin documents. Say which id does by the option {given}; "
            + (size == names.Length
                ? $"an id behind the entries needs one more for BOS, VocabularySize {size + 1}, and bosId: {names.Length}."
                : $"bosId: {names.Length} takes one behind the entries.")).About(ErrorPage.BeginningToken);
    }

    private bool LooksSpecial(int id) => !made.Contains(id) && names[id] is ['<' or '‹', _, .., '>' or '›'] or ['[', _, .., ']'];

    /// <summary>The first entries, with BOS among them or behind them.</summary>
    private BytePairVocabulary VocabularyWith(int count, int bos, int size)
    {
        var tokens = new byte[Math.Max(count, bos + 1)][];
        for (var id = 0; id < tokens.Length; id++) tokens[id] = id == bos ? [] : BytesOf(id);
        if (Enumerable.Range(0, 256).Except(tokens.Where(token => token.Length == 1).Select(token => (int)token[0])).Any())
            throw new InvalidDataException(
                $"{path}: the first {count} entries do not hold every single byte; "
                + "the text could not be written back.");
        var within = merges.Where(m => m.Left < count && m.Right < count && m.Id < count);
        return new(tokens, bos, size, within.Where(m => m.Left != bos && m.Right != bos && m.Id != bos));
    }

    private int? OwnBos()
    {
        foreach (var name in BosNames)
            if (Array.IndexOf(names, name) is >= 0 and var id && !made.Contains(id)) return id;
        return null;
    }

    /// <summary>The special entries at the end.</summary>
    private List<string> Ends()
    {
        var ends = names.Reverse()
            .TakeWhile((name, i) => !made.Contains(names.Length - 1 - i)
                && (ByteAlphabet.Read(name) is null || name.StartsWith("<|", StringComparison.Ordinal)))
            .ToList();
        ends.Reverse();
        return ends;
    }

    private byte[] BytesOf(int id) => ByteAlphabet.Read(names[id]) ?? (LooksSpecial(id) ? Encoding.UTF8.GetBytes(names[id])
        : throw new InvalidDataException($"{path}: the entry '{names[id]}' (id {id}) is not written in the byte alphabet of GPT-2."));

    private static Dictionary<string, int> ReadIds(string path)
    {
        Dictionary<string, int> ids;
        try
        {
            using var stream = SharedFile.OpenRead(path);
            ids = JsonSerializer.Deserialize(stream, TokensJson.Default.DictionaryStringInt32)
                ?? throw new JsonException("null instead of an object");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not a vocabulary (a JSON object of token to id): {e.Message}", e);
        }
        if (ids.Count == 0) throw new InvalidDataException($"{path} holds no entry.");
        if (!ids.Values.Order().SequenceEqual(Enumerable.Range(0, ids.Count)))
            throw new InvalidDataException($"{path}: the ids are not 0 to {ids.Count - 1}, each once.");
        return ids;
    }

    private static List<(int, int, int)> ReadMerges(string path, Dictionary<string, int> ids)
    {
        var merges = new List<(int, int, int)>();
        foreach (var (line, number) in File.ReadLines(path).Select((line, i) => (line, i + 1)))
        {
            if (line.Length == 0 || number == 1 && line.StartsWith("#version", StringComparison.Ordinal)) continue;
            var parts = line.Split(' ');
            if (parts.Length != 2
                || !ids.TryGetValue(parts[0], out var left)
                || !ids.TryGetValue(parts[1], out var right)
                || !ids.TryGetValue(parts[0] + parts[1], out var id))
                throw new InvalidDataException(
                    $"{path}, line {number}: "
                    + $"'{line}' is not a pair of entries of the vocabulary whose union is one.");
            merges.Add((left, right, id));
        }
        return merges;
    }
}
