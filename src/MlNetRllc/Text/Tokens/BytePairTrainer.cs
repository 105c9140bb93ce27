using System.Runtime.InteropServices;
using System.Text;

namespace MlNetRllc.Text.Tokens;

/// <summary>Learns byte-pair merges: the pair of neighbouring tokens that occurs most often becomes a token, again and again.</summary>
/// <remarks>
/// Distinct words are kept with their counts; pair counts change only where a merge happened, and a priority queue holds
/// the candidates, so a merge costs as much as the words it touches. Ties go to the pair with the smaller ids, so the result depends on
/// the text alone. Source: Sennrich, Haddow and Birch 2016, algorithm 1, on bytes.
/// </remarks>
internal sealed class BytePairTrainer
{
    // A longer run without a break is data, not a word; its pairs would only slow the count.
    private const int LongestWord = 256;

    private readonly Dictionary<string, long> words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly List<(int[] Symbols, long Count)> sequences = [];
    private readonly Dictionary<(int Left, int Right), long> counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> places = [];
    private readonly PriorityQueue<(int Left, int Right, long Count), (long Count, int Left, int Right)> queue = new();

    public BytePairTrainer() => lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Bytes of UTF-16 text counted so far, divided by two: characters.</summary>
    public long Characters { get; private set; }

    /// <summary>Counts the words of one document.</summary>
    public void Add(string text)
    {
        Characters += text.Length;
        foreach (var match in PreTokens.Pattern.EnumerateMatches(text))
            if (match.Length <= LongestWord)
                CollectionsMarshal.GetValueRefOrAddDefault(lookup, text.AsSpan(match.Index, match.Length), out _)++;
    }

    /// <summary>Learns at most <paramref name="merges"/> merges, fewer when no pair occurs
    /// <paramref name="minimumCount"/> times any more.</summary>
    public List<(int Left, int Right)> Train(int merges, long minimumCount, Action goOn)
    {
        Prepare(minimumCount);
        var learned = new List<(int, int)>(merges);
        while (learned.Count < merges && queue.TryDequeue(out var top, out _))
        {
            goOn();
            var pair = (top.Left, top.Right);
            var count = counts.GetValueOrDefault(pair);
            if (count != top.Count)
            {
                Enqueue(pair, count, minimumCount);
                continue;
            }
            Merge(pair, 256 + learned.Count, minimumCount);
            learned.Add(pair);
        }
        return learned;
    }

    private void Prepare(long minimumCount)
    {
        var ids = new int[256];
        for (var id = 0; id < 256; id++) ids[ByteAlphabet.ByteAt(id)] = id;
        foreach (var (word, count) in words)
        {
            var symbols = Array.ConvertAll(Encoding.UTF8.GetBytes(word), value => ids[value]);
            for (var i = 0; i + 1 < symbols.Length; i++) Count((symbols[i], symbols[i + 1]), count, sequences.Count);
            sequences.Add((symbols, count));
        }
        words.Clear();
        foreach (var (pair, count) in counts) Enqueue(pair, count, minimumCount);
    }

    private void Count((int, int) pair, long change, int word)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, pair, out _);
        count += change;
        if (change <= 0) return;
        ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(places, pair, out _);
        (at ??= []).Add(word);
    }

    private void Enqueue((int Left, int Right) pair, long count, long minimumCount)
    {
        if (count >= minimumCount) queue.Enqueue((pair.Left, pair.Right, count), (-count, pair.Left, pair.Right));
    }

    private void Merge((int Left, int Right) pair, int id, long minimumCount)
    {
        var touched = new HashSet<(int, int)>();
        foreach (var word in places[pair])
        {
            var (symbols, count) = sequences[word];
            var merged = new List<int>(symbols.Length);
            for (var i = 0; i < symbols.Length; i++)
            {
                var found = i + 1 < symbols.Length && symbols[i] == pair.Left && symbols[i + 1] == pair.Right;
                merged.Add(found ? id : symbols[i]);
                if (found) i++;
            }
            if (merged.Count == symbols.Length) continue;
            for (var i = 0; i + 1 < symbols.Length; i++) Count((symbols[i], symbols[i + 1]), -count, word);
            for (var i = 0; i + 1 < merged.Count; i++)
            {
                Count((merged[i], merged[i + 1]), count, word);
                touched.Add((merged[i], merged[i + 1]));
            }
            sequences[word] = ([.. merged], count);
        }
        counts.Remove(pair);
        places.Remove(pair);
        foreach (var other in touched) Enqueue(other, counts[other], minimumCount);
    }
}
