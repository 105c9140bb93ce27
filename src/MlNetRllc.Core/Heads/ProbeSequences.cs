using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Core.Heads;

/// <summary>Sequences of random tokens, with the attention that is asked for in each: from a query
/// to a key.</summary>
/// <param name="Tokens">[sequence, pos], row-major.</param>
/// <param name="Length">pos: all sequences padded to one length; a model that looks back only never
/// sees the padding.</param>
/// <param name="Query">Where each sequence's attention comes from.</param>
/// <param name="Key">Where it goes to.</param>
internal sealed record ProbeSequences(long[] Tokens, int Length, int[] Query, int[] Key)
{
    /// <summary>The shortest context in which attention scores are measured.</summary>
    public const int ShortestContext = 16;

    private const int LongestLast = 64, PrefixLength = 128;

    /// <summary>The mean attention of a head that attends to all tokens alike.</summary>
    public double Chance => Query.Average(q => 1.0 / (q + 1));

    /// <summary>How many tokens random ones are drawn from: the first of the vocabulary but BOS,
    /// without the padding at its end.</summary>
    /// <param name="vocabularySize">Tokens of the model.</param>
    /// <param name="bos">The token that begins documents.</param>
    /// <param name="tokenTexts">What each token stands for, nothing for padding; null draws from
    /// the whole vocabulary.</param>
    public static int Drawn(int vocabularySize, int bos, IReadOnlyList<string>? tokenTexts)
    {
        if (tokenTexts is null) return vocabularySize - 1;
        var known = Math.Min(tokenTexts.Count, vocabularySize);
        while (known > 0 && (known - 1 == bos || tokenTexts[known - 1].Length == 0)) known--;
        return bos < known ? known - 1 : known;
    }

    /// <summary>BOS and uniform random tokens, 16 to 64 of them in all (fewer where the context is
    /// shorter); from the last to the one before it.</summary>
    public static ProbeSequences LastToken(
        TransformerConfig config, int bos, int drawn, HeadScoreOptions options)
    {
        var random = NamedRandom.Stream("head scores", options.Seed, "previous token");
        var longest = Math.Min(LongestLast, config.ContextLength);
        var tokens = new long[options.Sequences * longest];
        var query = new int[options.Sequences];
        for (var i = 0; i < query.Length; i++)
        {
            query[i] = ShortestContext - 1 + random.Integer(longest - ShortestContext + 1, (ulong)i, 0);
            for (var t = 0; t < longest; t++)
                tokens[i * longest + t] = t == 0 ? bos : Other(random.Integer(drawn, (ulong)i, (ulong)t), bos);
        }
        return new(tokens, longest, query, [.. query.Select(q => q - 1)]);
    }

    /// <summary>BOS and uniform random tokens, 128 (or the context's length, where that is less);
    /// one token is planted once in each half, in 1..63 and in 65..127, and stands nowhere else;
    /// from its second place to the one after the first.</summary>
    public static ProbeSequences PlantedTwice(
        TransformerConfig config, int bos, int drawn, HeadScoreOptions options)
    {
        var random = NamedRandom.Stream("head scores", options.Seed, "prefix matching");
        var length = Math.Min(PrefixLength, config.ContextLength);
        var half = length / 2;
        var tokens = new long[options.Sequences * length];
        var (query, key) = (new int[options.Sequences], new int[options.Sequences]);
        for (var i = 0; i < query.Length; i++)
        {
            ulong draw = 0;
            int Next(int bound) => random.Integer(bound, (ulong)i, draw++);
            var first = 1 + Next(half - 1);
            var second = half + 1 + Next(length - half - 1);
            var planted = Other(Next(drawn), bos);
            var (low, high) = (Math.Min(bos, planted), Math.Max(bos, planted));
            for (var t = 0; t < length; t++)
                tokens[i * length + t] = t == 0 ? bos : t == first || t == second ? planted : Other(Other(Next(drawn - 1), low), high);
            (query[i], key[i]) = (second, first + 1);
        }
        return new(tokens, length, query, key);
    }

    /// <summary>The number after leaving out one: 0, 1, ... without <paramref name="left"/>.</summary>
    private static int Other(int number, int left) => number < left ? number : number + 1;
}
