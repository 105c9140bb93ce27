namespace MlNetRllc.Core.Patterns;

/// <summary>What the built-in patterns ask of one context; found when it is first asked for.</summary>
/// <param name="tokens">The context, [pos].</param>
/// <param name="vocabulary">What each token stands for, by id; null where it is not known.</param>
/// <param name="tables">What the training text knows; null where there is none.</param>
/// <param name="options">What counts as known, new and rare.</param>
internal sealed class ContextFacts(int[] tokens, IReadOnlyList<string>? vocabulary, NGramTables? tables, PatternOptions options)
{
    private const int Bigram = 2, Trigram = 3, LongestNGram = 4;

    private string[]? texts;
    private bool[]? indentation;
    private BracketMatcher? brackets;
    private RepeatedPairs? pairs;

    /// <summary>What the token stands for; nothing where the vocabulary does not say.</summary>
    public string Text(int t) => Texts[t];

    /// <summary>Whether the token is blanks that begin a line.</summary>
    public bool Indents(int t) => (indentation ??= TokenSpelling.Indentation(Texts))[t];

    /// <summary>Whether the token leaves a bracket open.</summary>
    public bool Opens(int t) => Brackets.Opens[t];

    /// <summary>Whether the token closes a bracket of an earlier one.</summary>
    public bool Closes(int t) => Brackets.Closes[t];

    /// <summary>How often the pair of the token before and this one stood earlier in the context.</summary>
    public int RepeatsOf(int t) => Pairs.TimesBefore(t);

    /// <summary>Whether the token before stood earlier in the context, but never before this one.</summary>
    public bool WentOnOtherwise(int t) => Pairs.WentOnOtherwise(t);

    /// <summary>Whether the two tokens before go on with this one too seldom in the training text.</summary>
    public bool IsNew(int t) => t >= Trigram - 1 && Tables.Share(tokens, t, Trigram) < options.NewBelow;

    /// <summary>Whether the token before tells this one.</summary>
    public bool BigramKnows(int t) => Knows(t, Bigram, options.LeastProbability);

    /// <summary>Whether the two tokens before tell this one.</summary>
    public bool TrigramKnows(int t) => Knows(t, Trigram, options.LeastProbability);

    /// <summary>Whether the three tokens before leave hardly another.</summary>
    public bool IsMemorised(int t) => Knows(t, LongestNGram, options.MemorisedProbability);

    /// <summary>Whether one token farther back tells this one.</summary>
    public bool SkipBigramKnows(int t)
    {
        var least = Math.Max(options.LeastProbability, options.LeastGain * Tables.Share(tokens[t]));
        for (var d = 2; d <= Math.Min(options.SkipDistance, t); d++)
            if (Tables.CountApart(tokens, t, d) >= options.LeastCount && Tables.ShareApart(tokens, t, d) >= least) return true;
        return false;
    }

    /// <summary>Whether the token is rare in the training text.</summary>
    public bool IsRare(int t) => Tables.Share(tokens[t]) < options.RareBelow;

    private string[] Texts => texts ??= [.. tokens.Select(t => t < vocabulary!.Count ? vocabulary[t] : "")];

    private BracketMatcher Brackets => brackets ??= new(tokens, vocabulary!, options.Brackets);

    private RepeatedPairs Pairs => pairs ??= new(tokens);

    private NGramTables Tables => tables!;

    private bool Knows(int t, int n, double probability) => t >= n - 1
        && Tables.Count(tokens, t, n) >= options.LeastCount && Tables.Share(tokens, t, n) >= probability;
}
