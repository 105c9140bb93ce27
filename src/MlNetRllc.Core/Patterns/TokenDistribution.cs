using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Core.Patterns;

/// <summary>Tokens with their weights, from which random ones are drawn.</summary>
public sealed class TokenDistribution
{
    private readonly int[] tokens;
    private readonly long[] upTo;

    private TokenDistribution(IEnumerable<KeyValuePair<int, long>> weights)
    {
        var ordered = weights.OrderBy(w => w.Key).ToList();
        if (ordered.Count == 0) throw new ArgumentException("There is no token to draw: all are left out.");
        (tokens, upTo) = ([.. ordered.Select(w => w.Key)], new long[ordered.Count]);
        long total = 0;
        for (var i = 0; i < upTo.Length; i++) upTo[i] = total += ordered[i].Value;
    }

    /// <summary>As often as they stand in a text: what a model expects of a token when it knows nothing else.</summary>
    /// <param name="text">The text.</param>
    /// <param name="leftOut">A token that is never drawn, such as the one that begins documents.</param>
    /// <exception cref="ArgumentException">No token is left.</exception>
    public static TokenDistribution Unigram(ContextSet text, int? leftOut = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var counts = new long[text.LargestToken + 1];
        for (var i = 0; i < text.Count; i++)
            foreach (var token in text[i]) counts[token]++;
        return new(Weights(counts, leftOut));
    }

    /// <summary>All tokens of a vocabulary alike. A model is overconfident on such text.</summary>
    /// <param name="vocabularySize">Tokens 0, 1, ... below it.</param>
    /// <param name="leftOut">A token that is never drawn, such as the one that begins documents.</param>
    /// <exception cref="ArgumentException">No token is left.</exception>
    public static TokenDistribution Uniform(int vocabularySize, int? leftOut = null)
    {
        Limits.Positive(vocabularySize);
        return new(Weights([.. Enumerable.Repeat(1L, vocabularySize)], leftOut));
    }

    /// <summary>A token, the same for the same stream, index and draw.</summary>
    internal int Draw(NamedRandom random, ulong index, ulong draw)
    {
        var at = Array.BinarySearch(upTo, (long)(random.Uniform(index, draw) * upTo[^1]) + 1);
        return tokens[at < 0 ? ~at : at];
    }

    private static IEnumerable<KeyValuePair<int, long>> Weights(long[] counts, int? leftOut) =>
        from token in Enumerable.Range(0, counts.Length)
        where counts[token] > 0 && token != leftOut
        select KeyValuePair.Create(token, counts[token]);
}
