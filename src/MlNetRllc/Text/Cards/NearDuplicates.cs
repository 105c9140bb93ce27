using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Text.Cards;

/// <summary>Remembers documents by MinHash signatures and tells whether one is much like an earlier one.</summary>
/// <remarks>
/// A document is the set of its runs of 5 words (all its words when it has fewer). The smallest of each of 128 seeded hashes of the set
/// agree between two documents as often as their Jaccard similarity says (Broder 1997). Signatures are cut into 16 bands of 8;
/// documents that share a band are candidates (a pair of similarity 0.8 is one with probability 0.95, one of 0.5 with 0.06), and
/// of those, one whose signatures agree in 80 % of places is a near duplicate. Memory: about 1.5 kB a document kept.
/// </remarks>
internal sealed class NearDuplicates
{
    private const int ShingleWords = 5;
    private const int Hashes = 128;
    private const int BandLength = 8;
    private const int LeastEqual = Hashes * 8 / 10;

    private readonly (ulong Multiplier, ulong Offset)[] seeds = new (ulong, ulong)[Hashes];
    private readonly List<uint[]> signatures = [];
    private readonly Dictionary<(int Band, ulong Hash), List<int>> bands = [];

    public NearDuplicates()
    {
        var random = NamedRandom.Stream("near duplicates");
        for (var i = 0; i < Hashes; i++) seeds[i] = (Word(random, 2 * i) | 1, Word(random, 2 * i + 1));
    }

    /// <summary>Remembers <paramref name="text"/> unless it is a near duplicate of one remembered.</summary>
    /// <returns>Whether it was new.</returns>
    public bool Add(string text)
    {
        var signature = SignatureOf(text);
        var keys = Enumerable.Range(0, Hashes / BandLength).Select(band => (band, BandHash(signature, band))).ToArray();
        foreach (var key in keys)
            if (bands.TryGetValue(key, out var candidates)
                && candidates.Any(other => Equal(signatures[other], signature) >= LeastEqual)) return false;
        foreach (var key in keys)
        {
            if (!bands.TryGetValue(key, out var list)) bands.Add(key, list = []);
            list.Add(signatures.Count);
        }
        signatures.Add(signature);
        return true;
    }

    private uint[] SignatureOf(string text)
    {
        var signature = new uint[Hashes];
        Array.Fill(signature, uint.MaxValue);
        var words = new List<ulong>();
        foreach (var range in text.AsSpan().SplitAny(" \t\r\n"))
            if (range.End.Value > range.Start.Value) words.Add(HashOf(text.AsSpan(range)));
        for (var i = 0; i <= Math.Max(0, words.Count - ShingleWords); i++)
        {
            var shingle = 0xCBF29CE484222325ul;
            for (var j = i; j < Math.Min(i + ShingleWords, words.Count); j++) shingle = Mix(shingle ^ words[j]);
            for (var h = 0; h < Hashes; h++)
                signature[h] = Math.Min(signature[h], (uint)((shingle * seeds[h].Multiplier + seeds[h].Offset) >> 32));
        }
        return signature;
    }

    private static int Equal(uint[] left, uint[] right)
    {
        var equal = 0;
        for (var i = 0; i < Hashes; i++) equal += left[i] == right[i] ? 1 : 0;
        return equal;
    }

    private static ulong BandHash(uint[] signature, int band)
    {
        var hash = 0xCBF29CE484222325ul;
        foreach (var value in signature.AsSpan(band * BandLength, BandLength)) hash = Mix(hash ^ value);
        return hash;
    }

    private static ulong HashOf(ReadOnlySpan<char> word)
    {
        var hash = 0xCBF29CE484222325ul;
        foreach (var character in word) hash = (hash ^ character) * 0x100000001B3ul;
        return hash;
    }

    // The finalizer of MurmurHash3: every bit of the input reaches every bit of the result.
    private static ulong Mix(ulong value)
    {
        value = (value ^ value >> 33) * 0xFF51AFD7ED558CCDul;
        value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53ul;
        return value ^ value >> 33;
    }

    private static ulong Word(NamedRandom random, int index) =>
        (ulong)(uint)random.Integer(int.MaxValue, (ulong)index, 0) << 33 ^ (ulong)(uint)random.Integer(int.MaxValue, (ulong)index, 1);
}
