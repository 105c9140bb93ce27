using System.Numerics;
using System.Runtime.InteropServices;

namespace MlNetRllc.Text.Tokens;

/// <summary>The tokens of words met before. Of bounded size, for one thread; looking a word up allocates nothing.</summary>
internal sealed class WordCache
{
    /// <summary>Longer words are rare and not kept.</summary>
    public const int LongestWord = 64;

    private const int MostWords = 1 << 17;

    private readonly List<char> characters = [];
    private readonly List<int> tokens = [];
    private CachedWord[] slots = new CachedWord[1 << 8];
    private int words;

    /// <summary>The tokens of <paramref name="word"/>; none when it was not met.</summary>
    /// <param name="word">The word, not empty.</param>
    /// <param name="hash">What <see cref="Add"/> wants to know.</param>
    public ReadOnlySpan<int> Find(ReadOnlySpan<char> word, out uint hash)
    {
        hash = HashOf(word);
        for (var at = hash & (uint)(slots.Length - 1); ; at = at + 1 & (uint)(slots.Length - 1))
        {
            ref var slot = ref slots[at];
            if (slot.TokenCount == 0) return default;
            var cached = CollectionsMarshal.AsSpan(characters);
            if (slot.Hash == hash && slot.Length == word.Length
                && cached.Slice(slot.Word, slot.Length).SequenceEqual(word))
                return CollectionsMarshal.AsSpan(tokens).Slice(slot.Tokens, slot.TokenCount);
        }
    }

    /// <summary>Keeps the tokens of a word that <see cref="Find"/> did not know, while there is room.</summary>
    public void Add(ReadOnlySpan<char> word, uint hash, ReadOnlySpan<int> ids)
    {
        if (words == MostWords) return;
        if (2 * words == slots.Length) Grow();
        Insert(new(hash, characters.Count, tokens.Count, (byte)word.Length, (byte)ids.Length));
        characters.AddRange(word);
        tokens.AddRange(ids);
        words++;
    }

    private void Grow()
    {
        var old = slots;
        slots = new CachedWord[2 * old.Length];
        foreach (var slot in old)
            if (slot.TokenCount > 0) Insert(slot);
    }

    private void Insert(CachedWord slot)
    {
        var at = slot.Hash & (uint)(slots.Length - 1);
        while (slots[at].TokenCount > 0) at = at + 1 & (uint)(slots.Length - 1);
        slots[at] = slot;
    }

    private static uint HashOf(ReadOnlySpan<char> word)
    {
        var hash = (ulong)word.Length;
        for (; word.Length >= 4; word = word[4..]) hash = Stir(hash ^ MemoryMarshal.Read<ulong>(MemoryMarshal.AsBytes(word)));
        var rest = 0ul;
        foreach (var character in word) rest = rest << 16 | character;
        hash = Stir(hash ^ rest);
        return (uint)(hash >> 32);
    }

    private static ulong Stir(ulong value) => BitOperations.RotateLeft(value * 0x9E3779B97F4A7C15, 29) * 0xBF58476D1CE4E5B9;

    // A word of 64 characters has at most 192 bytes, so counts fit a byte each.
    private readonly record struct CachedWord(uint Hash, int Word, int Tokens, byte Length, byte TokenCount);
}
