using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Patterns;

namespace MlNetRllc.Core.Heads;

/// <summary>The patterns of every token of some contexts, by the statistics of a text; found once
/// for all checkpoints.</summary>
/// <remarks>
/// <para>For token t with x_t = C after B after ...:</para>
/// <list type="bullet">
/// <item>n-gram: for some n in 2..4 the n - 1 tokens before are followed by C in a share of at
/// least <c>LeastProbability</c> of their places in the text, and <c>LeastCount</c> times at
/// least.</item>
/// <item>skip n-gram: the same for the places of B at which A stands 2 to <c>SkipDistance</c>
/// tokens before B, the share being <c>LeastGain</c> times that of the bigram B C at least.</item>
/// <item>induction: B C stands earlier in the context, and is not itself such a bigram.</item>
/// <item>brackets: the token's text closes the innermost bracket left open by the text of an
/// earlier token.</item>
/// </list>
/// <para>One pass over the text, counting only what occurs in the contexts.</para>
/// </remarks>
public sealed class TokenExplanations
{
    private readonly TokenExplanation[] found;

    /// <summary>Finds the patterns.</summary>
    /// <param name="contexts">Whose tokens are explained: the first
    /// <see cref="TokenPatternOptions.Contexts"/> of them.</param>
    /// <param name="text">Where n-grams are counted; normally the training text.</param>
    /// <param name="options">What counts as a pattern.</param>
    /// <param name="tokenTexts">What each token stands for; without it no bracket is found.</param>
    /// <exception cref="ArgumentException">The brackets do not come in pairs.</exception>
    public TokenExplanations(
        ContextSet contexts,
        ContextSet text,
        TokenPatternOptions? options = null,
        IReadOnlyList<string>? tokenTexts = null)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        ArgumentNullException.ThrowIfNull(text);
        Options = (options ?? new()).Validated();
        if (Options.Brackets.Length % 2 != 0)
            throw new ArgumentException(
                $"Brackets is '{Options.Brackets}'; opening and closing brackets come in pairs.");
        Contexts = contexts;
        Count = Math.Min(Options.Contexts, contexts.Count);
        found = new TokenExplanation[Count * contexts.ContextLength];
        var counts = new MultigramCounts(Options);
        for (var i = 0; i < Count; i++) counts.Ask(contexts[i]);
        counts.Count(text);
        for (var i = 0; i < Count; i++)
        {
            var closing = tokenTexts is null ? null : new BracketMatcher(contexts[i], tokenTexts, Options.Brackets).Closes;
            for (var t = 1; t < contexts.ContextLength; t++)
            {
                var (multigram, bigram) = counts.Explain(contexts[i], t);
                var patterns = multigram is not { } m ? TokenPattern.None : m.Skips ? TokenPattern.SkipNGram : TokenPattern.NGram;
                if (!bigram && StoodBefore(contexts[i], t)) patterns |= TokenPattern.Induction;
                if (closing?[t] is true) patterns |= TokenPattern.Brackets;
                found[i * contexts.ContextLength + t] = new(patterns, multigram);
            }
        }
    }

    /// <summary>The options.</summary>
    public TokenPatternOptions Options { get; }

    /// <summary>The contexts.</summary>
    public ContextSet Contexts { get; }

    /// <summary>How many of them are explained.</summary>
    public int Count { get; }

    /// <summary>The explanation of one token; the first of a context has none.</summary>
    public TokenExplanation this[int context, int position] =>
        found[context * Contexts.ContextLength + position];

    private static bool StoodBefore(ReadOnlySpan<int> tokens, int t)
    {
        for (var s = 1; s < t - 1; s++)
            if (tokens[s] == tokens[t] && tokens[s - 1] == tokens[t - 1]) return true;
        return false;
    }
}
