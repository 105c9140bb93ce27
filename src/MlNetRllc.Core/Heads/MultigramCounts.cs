using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Patterns;

namespace MlNetRllc.Core.Heads;

/// <summary>How often the n-grams and skip n-grams of some contexts, and what they begin with,
/// stand in a text.</summary>
internal sealed class MultigramCounts(TokenPatternOptions options)
{
    private readonly NGramTables runs = new(skipDistance: 0, options.LongestNGram);
    private readonly AskedCounts<Multigram> skips = new(); // A beginning has two tokens, a whole three: they are never one key.
    private readonly HashSet<int> before = [];

    /// <summary>Notes what is to be counted.</summary>
    public void Ask(ReadOnlySpan<int> tokens)
    {
        runs.Ask(tokens);
        for (var t = 1; t < tokens.Length; t++)
        {
            before.Add(tokens[t - 1]);
            for (var a = t - 3; a >= Farthest(t); a--)
            {
                skips.Ask(new(true, tokens[a], tokens[t - 1]));
                skips.Ask(new(true, tokens[a], tokens[t - 1], tokens[t]));
            }
        }
    }

    /// <summary>Counts them. What a context ends with is followed by nothing and does not count as
    /// a beginning.</summary>
    public void Count(ContextSet text)
    {
        runs.Count(text);
        for (var i = 0; i < text.Count; i++)
        {
            var tokens = text[i];
            for (var t = 1; t < tokens.Length; t++)
            {
                if (!before.Contains(tokens[t - 1])) continue;
                for (var a = t - 3; a >= Farthest(t); a--)
                {
                    if (tokens[(a + 1)..(t - 2)].Contains(tokens[a])) continue; // Counted at its nearer place.
                    if (skips.Add(new(true, tokens[a], tokens[t - 1])))
                        skips.Add(new(true, tokens[a], tokens[t - 1], tokens[t]));
                }
            }
        }
    }

    /// <summary>The shortest n-gram that explains a token, else the nearest skip n-gram; and
    /// whether it is a bigram.</summary>
    public (Multigram? Multigram, bool Bigram) Explain(ReadOnlySpan<int> tokens, int t)
    {
        for (var n = 2; n <= Math.Min(options.LongestNGram, t + 1); n++)
            if (runs.Count(tokens, t, n) >= options.LeastCount && runs.Share(tokens, t, n) >= options.LeastProbability)
                return (Run(tokens[(t - n + 1)..(t + 1)]), n == 2);
        var pair = runs.Share(tokens, t, 2);
        for (var a = t - 3; a >= Farthest(t); a--)
        {
            var whole = new Multigram(true, tokens[a], tokens[t - 1], tokens[t]);
            var share = Share(whole, new(true, tokens[a], tokens[t - 1]));
            var explains = share >= options.LeastProbability && share >= options.LeastGain * pair;
            if (skips[whole] >= options.LeastCount && explains) return (whole, false);
        }
        return (null, false);
    }

    /// <summary>The first place from which a token can be the first of a skip n-gram that ends at t.</summary>
    private int Farthest(int t) => Math.Max(0, t - 1 - options.SkipDistance);

    private double Share(Multigram whole, Multigram beginning) =>
        skips[beginning] == 0 ? 0 : skips[whole] / (double)skips[beginning];

    private static Multigram Run(ReadOnlySpan<int> tokens) =>
        new(false, tokens[0], tokens[1], tokens.Length > 2 ? tokens[2] : -1, tokens.Length > 3 ? tokens[3] : -1);
}
