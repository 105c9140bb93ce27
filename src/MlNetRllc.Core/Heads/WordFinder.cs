using System.Runtime.InteropServices;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Patterns;

namespace MlNetRllc.Core.Heads;

/// <summary>Finds the words of a text that are split into exactly 2, 3 or 4 tokens.</summary>
internal static class WordFinder
{
    private const int Longest = 4;

    /// <summary>The most frequent words of each number of tokens (index 0: two), ties in order of
    /// their tokens.</summary>
    public static IReadOnlyList<IReadOnlyList<int[]>> Find(
        ContextSet text, IReadOnlyList<string> tokenTexts, int count)
    {
        bool[] begins = [.. tokenTexts.Select(TokenSpelling.BeginsWord)];
        bool[] goesOn = [.. tokenTexts.Select(TokenSpelling.IsPartOfWord)];
        var found = Enumerable.Range(2, Longest - 1)
            .Select(_ => new Dictionary<Word, int>())
            .ToArray();
        for (var context = 0; context < text.Count; context++)
        {
            var tokens = text[context];
            for (var t = 0; t < tokens.Length; t++)
            {
                if (!Is(begins, tokens[t])) continue;
                var end = t + 1;
                while (end < tokens.Length && Is(goesOn, tokens[end])) end++;
                var n = end - t;
                if (end == tokens.Length || n is < 2 or > Longest) continue; // A word cut by the context's end may be longer.
                CollectionsMarshal.GetValueRefOrAddDefault(found[n - 2], Word.From(tokens.Slice(t, n)), out _)++;
            }
        }
        return [.. found.Select(words => words.OrderByDescending(w => w.Value).ThenBy(w => w.Key).Take(count)
            .Select(w => w.Key.Tokens).ToList())];
    }

    private static bool Is(bool[] flags, int token) => token < flags.Length && flags[token];

    /// <summary>A word's tokens; -1 where a shorter one has none.</summary>
    private readonly record struct Word(int First, int Second, int Third, int Fourth) : IComparable<Word>
    {
        public static Word From(ReadOnlySpan<int> tokens) =>
            new(tokens[0], tokens[1], tokens.Length > 2 ? tokens[2] : -1, tokens.Length > 3 ? tokens[3] : -1);

        public int[] Tokens => [.. ((int[])[First, Second, Third, Fourth]).Where(t => t >= 0)];

        public int CompareTo(Word other) =>
            (First, Second, Third, Fourth).CompareTo((other.First, other.Second, other.Third, other.Fourth));
    }
}
