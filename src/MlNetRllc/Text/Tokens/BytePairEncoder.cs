using System.Text;

namespace MlNetRllc.Text.Tokens;

/// <summary>Turns text into tokens and back, exactly.</summary>
/// <remarks>
/// Words met before come from a cache; it is of bounded size and belongs to one thread. Text is UTF-16: a surrogate without its
/// partner has no UTF-8 form and becomes U+FFFD; every other string comes back as it was.
/// </remarks>
internal sealed class BytePairEncoder(BytePairVocabulary vocabulary) : ITextEncoder
{
    // Bytes up to which looking over all pairs beats any queue.
    private const int ShortWord = 3 * WordCache.LongestWord;

    private readonly Lazy<WordCache> words = new(() => new WordCache(), isThreadSafe: false);
    private readonly byte[] bytes = new byte[ShortWord];
    private readonly int[] ids = new int[ShortWord];
    private readonly int[] ranks = new int[ShortWord];
    private readonly int[] merged = new int[ShortWord];

    /// <summary>Appends the tokens of <paramref name="text"/>.</summary>
    public void Encode(ReadOnlySpan<char> text, List<int> tokens)
    {
        var cache = words.Value;
        while (text.Length > 0)
        {
            var word = text[..PreTokens.Length(text)];
            text = text[word.Length..];
            if (word.Length > WordCache.LongestWord)
            {
                tokens.AddRange(MergeLong(word));
                continue;
            }
            var known = cache.Find(word, out var hash);
            if (known.IsEmpty) cache.Add(word, hash, known = Merge(word));
            tokens.AddRange(known);
        }
    }

    /// <summary>The text of <paramref name="tokens"/>. BOS gives nothing; bytes that are no UTF-8 give U+FFFD.</summary>
    public string Decode(IEnumerable<int> tokens)
    {
        using var bytes = new MemoryStream();
        foreach (var id in tokens)
        {
            if (id < 0 || id >= vocabulary.Size)
                throw new ArgumentOutOfRangeException(nameof(tokens), $"{id}",
                    $"The token id {id} lies outside the vocabulary of {vocabulary.Size}.");
            bytes.Write(vocabulary[id]);
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private ReadOnlySpan<int> Merge(ReadOnlySpan<char> word)
    {
        var length = Encoding.UTF8.GetBytes(word, bytes);
        for (var i = 0; i < length; i++) ids[i] = vocabulary.ByteIds[bytes[i]];
        for (var i = 0; i + 1 < length; i++) Rank(i);
        while (length > 1)
        {
            var (best, at) = (int.MaxValue, -1);
            for (var i = 0; i + 1 < length; i++)
                if (ranks[i] < best) (best, at) = (ranks[i], i);
            if (at < 0) break;
            ids[at] = merged[at];
            length--;
            for (var i = at + 1; i < length; i++) (ids[i], ranks[i], merged[i]) = (ids[i + 1], ranks[i + 1], merged[i + 1]);
            if (at > 0) Rank(at - 1);
            if (at + 1 < length) Rank(at);
        }
        return ids.AsSpan(0, length);
    }

    // What the pair of tokens that begins at this place merges into, and in which order.
    private void Rank(int at)
    {
        if (!vocabulary.TryMerge(ids[at], ids[at + 1], out ranks[at], out merged[at])) ranks[at] = int.MaxValue;
    }

    // A long run (a table of hexadecimal, a line of one letter) would cost its square that way; linked neighbours and a queue do not.
    private int[] MergeLong(ReadOnlySpan<char> word)
    {
        var utf8 = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, utf8);
        var ids = Array.ConvertAll(utf8, value => vocabulary.ByteIds[value]);
        var next = Enumerable.Range(1, ids.Length).ToArray();
        var previous = Enumerable.Range(-1, ids.Length).ToArray();
        var queue = new PriorityQueue<Neighbours, (int Rank, int At)>();
        void Offer(int at)
        {
            if (at >= 0 && next[at] < ids.Length && vocabulary.TryMerge(ids[at], ids[next[at]], out var rank, out var id))
                queue.Enqueue(new(at, ids[at], ids[next[at]], id), (rank, at));
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

    /// <summary>Two tokens beside each other that a merge joins, as they were when the merge was queued.</summary>
    /// <param name="At">Place of the left one, bytes.</param>
    /// <param name="Left">Its id.</param>
    /// <param name="Right">The right one's id.</param>
    /// <param name="Merged">The id that the merge gives.</param>
    private readonly record struct Neighbours(int At, int Left, int Right, int Merged);
}
