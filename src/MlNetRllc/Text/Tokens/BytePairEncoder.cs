using System.Text;

namespace MlNetRllc.Text.Tokens;

/// <summary>Turns text into tokens and back, exactly.</summary>
/// <remarks>
/// Words met before come from a cache; it is of bounded size and belongs to one thread. Text is UTF-16: a surrogate without its
/// partner has no UTF-8 form and becomes U+FFFD; every other string comes back as it was.
/// </remarks>
internal sealed class BytePairEncoder(BytePairVocabulary vocabulary)
{
    private const int CachedWords = 1 << 17;
    private const int LongestCached = 64;

    private readonly Dictionary<string, int[]> cache = new(StringComparer.Ordinal);

    /// <summary>Appends the tokens of <paramref name="text"/>.</summary>
    public void Encode(ReadOnlySpan<char> text, List<int> tokens)
    {
        var lookup = cache.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var match in PreTokens.Pattern.EnumerateMatches(text))
        {
            var word = text.Slice(match.Index, match.Length);
            if (!lookup.TryGetValue(word, out var ids))
            {
                ids = EncodeWord(word);
                if (word.Length <= LongestCached && cache.Count < CachedWords) lookup[word] = ids;
            }
            tokens.AddRange(ids);
        }
    }

    /// <summary>The text of <paramref name="tokens"/>. BOS gives nothing; bytes that are no UTF-8 give U+FFFD.</summary>
    public string Decode(IEnumerable<int> tokens)
    {
        using var bytes = new MemoryStream();
        foreach (var id in tokens)
        {
            if (id < 0 || id >= vocabulary.Size)
                throw new ArgumentOutOfRangeException(nameof(tokens), id, $"The token id {id} lies outside the vocabulary of {vocabulary.Size}.");
            bytes.Write(vocabulary[id]);
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private int[] EncodeWord(ReadOnlySpan<char> word)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        var ids = Array.ConvertAll(bytes, value => vocabulary.ByteIds[value]);
        return ids.Length <= LongestCached ? MergeShort(ids) : MergeLong(ids);
    }

    // Words are short: looking over all pairs for each merge beats any queue.
    private int[] MergeShort(int[] ids)
    {
        var length = ids.Length;
        while (length > 1)
        {
            var (best, at, merged) = (int.MaxValue, -1, 0);
            for (var i = 0; i + 1 < length; i++)
                if (vocabulary.TryMerge(ids[i], ids[i + 1], out var rank, out var id) && rank < best) (best, at, merged) = (rank, i, id);
            if (at < 0) break;
            ids[at] = merged;
            Array.Copy(ids, at + 2, ids, at + 1, length - at - 2);
            length--;
        }
        return ids[..length];
    }

    // A long run (a table of hexadecimal, a line of one letter) would cost its square that way; linked neighbours and a queue do not.
    private int[] MergeLong(int[] ids)
    {
        var next = Enumerable.Range(1, ids.Length).ToArray();
        var previous = Enumerable.Range(-1, ids.Length).ToArray();
        var queue = new PriorityQueue<(int At, int Left, int Right, int Merged), (int Rank, int At)>();
        void Offer(int at)
        {
            if (at >= 0 && next[at] < ids.Length && vocabulary.TryMerge(ids[at], ids[next[at]], out var rank, out var id))
                queue.Enqueue((at, ids[at], ids[next[at]], id), (rank, at));
        }
        for (var i = 0; i < ids.Length; i++) Offer(i);
        while (queue.TryDequeue(out var pair, out _))
        {
            var right = next[pair.At];
            // The pair may be gone: one of its sides was merged, which leaves -1 or another id there.
            if (ids[pair.At] != pair.Left || right >= ids.Length || ids[right] != pair.Right) continue;
            (ids[pair.At], ids[right]) = (pair.Merged, -1);
            next[pair.At] = next[right];
            if (next[right] < ids.Length) previous[next[right]] = pair.At;
            Offer(previous[pair.At]);
            Offer(pair.At);
        }
        return [.. ids.Where(id => id >= 0)];
    }
}
