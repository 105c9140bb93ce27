using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Text.Tokens;

/// <summary>Draws the documents that a vocabulary is learned from: all, or a sample of those of a longer text.</summary>
/// <remarks>Each document has a random number by seed and place, and those with the smallest are kept, as many as fit: every document
/// has the same chance, early or late. One pass, and no more than the sample and one document in memory.</remarks>
internal static class VocabularySample
{
    public static IEnumerable<string> Draw(IEnumerable<string> documents, long characters, long seed)
    {
        var random = NamedRandom.Stream("vocabulary sample", seed);
        // The largest number on top.
        var kept = new PriorityQueue<string, (double Number, ulong Place)>(Comparer<(double, ulong)>.Create((a, b) => b.CompareTo(a)));
        var (place, total, bound) = (0ul, 0L, (Number: double.PositiveInfinity, Place: ulong.MaxValue));
        foreach (var document in documents)
        {
            var key = (random.Uniform(place, 0), place);
            place++;
            if (document.Length == 0 || key.CompareTo(bound) >= 0) continue;
            kept.Enqueue(document, key);
            total += document.Length;
            while (total > characters && kept.Count > 1 && kept.TryDequeue(out var dropped, out bound)) total -= dropped.Length;
        }
        foreach (var (document, _) in kept.UnorderedItems)
            yield return document.Length <= characters ? document : document[..(int)characters];
    }
}
