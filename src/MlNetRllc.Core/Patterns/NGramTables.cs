using MlNetRllc.Core.Contexts;

namespace MlNetRllc.Core.Patterns;

/// <summary>How often what stands in some contexts stands in the training text: tokens, n-grams, and pairs of tokens
/// a few places apart; one pass over the text.</summary>
/// <remarks>What a context of the text ends with is followed by nothing, and does not count as a beginning: so an n-gram has two
/// counts, as a whole and as the beginning of longer ones.</remarks>
/// <param name="skipDistance">How many places apart the pairs stand at most; below 2 none is counted.</param>
/// <param name="longest">Tokens of the longest n-gram, 2 to 4.</param>
internal sealed class NGramTables(int skipDistance, int longest = 4)
{
    private readonly AskedCounts<int> tokens = new();
    private readonly AskedCounts<NGram> wholes = new(), beginnings = new();
    private readonly AskedCounts<SkipPair> pairs = new(), firsts = new();
    private long total;

    /// <summary>Notes what is to be counted.</summary>
    public void Ask(ReadOnlySpan<int> context)
    {
        foreach (var token in context) tokens.Ask(token);
        for (var t = 1; t < context.Length; t++)
        {
            for (var n = 2; n <= Math.Min(longest, t + 1); n++)
            {
                wholes.Ask(NGram.Ending(context, t, n));
                beginnings.Ask(NGram.Ending(context, t - 1, n - 1));
            }
            for (var d = 2; d <= Math.Min(skipDistance, t); d++)
            {
                pairs.Ask(new(d, context[t - d], context[t]));
                firsts.Ask(new(d, context[t - d]));
            }
        }
    }

    /// <summary>Counts it.</summary>
    public void Count(ContextSet text)
    {
        for (var i = 0; i < text.Count; i++)
        {
            var context = text[i];
            total += context.Length;
            for (var t = 0; t < context.Length; t++) Count(context, t);
        }
    }

    /// <summary>How often the <paramref name="n"/> tokens that end at <paramref name="t"/> stand in the text.</summary>
    public int Count(ReadOnlySpan<int> context, int t, int n) => wholes[NGram.Ending(context, t, n)];

    /// <summary>The share in which the n - 1 tokens before a token go on with it; 0 where they do not stand in the text.</summary>
    public double Share(ReadOnlySpan<int> context, int t, int n) =>
        Ratio(Count(context, t, n), beginnings[NGram.Ending(context, t - 1, n - 1)]);

    /// <summary>As <see cref="Count(ReadOnlySpan{int}, int, int)"/>, of a token and the one <paramref name="d"/> places before.</summary>
    public int CountApart(ReadOnlySpan<int> context, int t, int d) => pairs[new(d, context[t - d], context[t])];

    /// <summary>The share in which the token <paramref name="d"/> places before is followed at that distance by this one.</summary>
    public double ShareApart(ReadOnlySpan<int> context, int t, int d) =>
        Ratio(CountApart(context, t, d), firsts[new(d, context[t - d])]);

    /// <summary>The token's share of all tokens of the text.</summary>
    public double Share(int token) => Ratio(tokens[token], total);

    private void Count(ReadOnlySpan<int> context, int t)
    {
        tokens.Add(context[t]);
        for (var n = 2; n <= Math.Min(longest, t + 1); n++)
            if (beginnings.Add(NGram.Ending(context, t - 1, n - 1))) wholes.Add(NGram.Ending(context, t, n));
            else break; // What follows a longer run follows its end too.
        for (var d = 2; d <= Math.Min(skipDistance, t); d++)
            if (firsts.Add(new(d, context[t - d]))) pairs.Add(new(d, context[t - d], context[t]));
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : part / (double)whole;

    private readonly record struct SkipPair(int Distance, int First, int Second = -1);

    /// <summary>Up to four tokens, the last first; -1 where there is none.</summary>
    private readonly record struct NGram(int Last, int Before, int Third, int Fourth)
    {
        public static NGram Ending(ReadOnlySpan<int> context, int t, int n) => new(
            context[t], n > 1 ? context[t - 1] : -1, n > 2 ? context[t - 2] : -1, n > 3 ? context[t - 3] : -1);
    }
}
