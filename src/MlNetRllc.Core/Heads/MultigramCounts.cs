using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Patterns;

namespace MlNetRllc.Core.Heads;

/// <summary>How often the n-grams and skip n-grams of some contexts, and what they begin with,
/// stand in a text.</summary>
internal sealed class MultigramCounts(TokenPatternOptions options)
{
    private readonly AskedCounts<Multigram> counts = new();
    private readonly HashSet<int> before = [];

    /// <summary>Notes what is to be counted.</summary>
    public void Ask(ReadOnlySpan<int> tokens)
    {
        for (var t = 1; t < tokens.Length; t++)
        {
            before.Add(tokens[t - 1]);
            for (var n = 2; n <= Math.Min(options.LongestNGram, t + 1); n++)
            {
                counts.Ask(Run(tokens, t - n + 1, n));
                counts.Ask(Run(tokens, t - n + 1, n - 1));
            }
            for (var a = t - 3; a >= Math.Max(0, t - 1 - options.SkipDistance); a--)
            {
                counts.Ask(new(true, tokens[a], tokens[t - 1]));
                counts.Ask(new(true, tokens[a], tokens[t - 1], tokens[t]));
            }
        }
    }

    /// <summary>Counts them. What a context ends with is followed by nothing and does not count as
    /// a beginning.</summary>
    public void Count(ContextSet text)
    {
        for (var i = 0; i < text.Count; i++)
        {
            var tokens = text[i];
            for (var t = 1; t < tokens.Length; t++)
            {
                if (!before.Contains(tokens[t - 1])) continue;
                for (var n = 2; n <= Math.Min(options.LongestNGram, t + 1); n++)
                    if (counts.Add(Run(tokens, t - n + 1, n - 1))) counts.Add(Run(tokens, t - n + 1, n));
                    else break; // What follows a longer run follows its end too.
                var farthest = Math.Max(0, t - 1 - options.SkipDistance);
                for (var a = t - 3; a >= farthest; a--)
                {
                    if (tokens[(a + 1)..(t - 2)].Contains(tokens[a])) continue; // Counted at its nearer place.
                    if (counts.Add(new(true, tokens[a], tokens[t - 1])))
                        counts.Add(new(true, tokens[a], tokens[t - 1], tokens[t]));
                }
            }
        }
    }

    /// <summary>The shortest n-gram that explains a token, else the nearest skip n-gram; and
    /// whether it is a bigram.</summary>
    public (Multigram? Multigram, bool Bigram) Explain(ReadOnlySpan<int> tokens, int t)
    {
        for (var n = 2; n <= Math.Min(options.LongestNGram, t + 1); n++)
        {
            var whole = Run(tokens, t - n + 1, n);
            var share = Share(whole, Run(tokens, t - n + 1, n - 1));
            if (counts[whole] >= options.LeastCount && share >= options.LeastProbability)
                return (whole, n == 2);
        }
        var pair = Share(Run(tokens, t - 1, 2), Run(tokens, t - 1, 1));
        for (var a = t - 3; a >= Math.Max(0, t - 1 - options.SkipDistance); a--)
        {
            var whole = new Multigram(true, tokens[a], tokens[t - 1], tokens[t]);
            var share = Share(whole, new(true, tokens[a], tokens[t - 1]));
            var explains = share >= options.LeastProbability && share >= options.LeastGain * pair;
            if (counts[whole] >= options.LeastCount && explains) return (whole, false);
        }
        return (null, false);
    }

    private double Share(Multigram whole, Multigram beginning) =>
        counts[beginning] == 0 ? 0 : counts[whole] / (double)counts[beginning];

    private static Multigram Run(ReadOnlySpan<int> tokens, int from, int count) =>
        new(
            false,
            tokens[from],
            count > 1 ? tokens[from + 1] : -1,
            count > 2 ? tokens[from + 2] : -1,
            count > 3 ? tokens[from + 3] : -1);
}
