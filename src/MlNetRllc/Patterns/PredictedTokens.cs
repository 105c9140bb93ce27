using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Patterns;
using MlNetRllc.Foundation;

namespace MlNetRllc.Patterns;

/// <summary>The predicted tokens of some contexts with their losses and patterns, each found when it is first asked for.</summary>
internal sealed class PredictedTokens
{
    private readonly ContextSet contexts;
    private readonly IReadOnlyList<string> texts;
    private readonly int width, before;
    private readonly Once<float[]>? losses;
    private readonly Once<IReadOnlyList<bool[]>> flags;

    /// <summary>Takes the contexts and what finds the rest.</summary>
    /// <param name="contexts">The contexts.</param>
    /// <param name="options">Texts of tokens.</param>
    /// <param name="patterns">Names of the patterns, and what finds them in the same order.</param>
    /// <param name="losses">Finds the losses; null where there is no model.</param>
    public PredictedTokens(
        ContextSet contexts, ProbeTokensOptions options, (IReadOnlyList<string> Names, Func<IEnumerable<ProbePattern>> Find) patterns,
        ProbeLosses? losses)
    {
        (this.contexts, texts, before) = (contexts, options.TokenTexts, options.TokensBefore);
        (width, Patterns) = (contexts.ContextLength - 1, patterns.Names);
        this.losses = losses is null ? null : new(() => losses.Of(contexts));
        flags = new(() => Picked(patterns.Find()));
    }

    /// <summary>The name of the set.</summary>
    public string Name => contexts.Name;

    /// <summary>Tokens that are predicted.</summary>
    public long Count => (long)contexts.Count * width;

    /// <summary>Names of the patterns.</summary>
    public IReadOnlyList<string> Patterns { get; }

    public int ContextOf(int token) => token / width;

    public int PositionOf(int token) => token % width + 1;

    public int IdOf(int token) => contexts[ContextOf(token)][PositionOf(token)];

    /// <summary>What the token stands for; empty where that is not known.</summary>
    public string TextOf(int token) => TextOfId(IdOf(token));

    /// <summary>What the last tokens before it stand for.</summary>
    public string TextBefore(int token)
    {
        var position = PositionOf(token);
        var seen = contexts[ContextOf(token)][Math.Max(0, position - before)..position].ToArray();
        return string.Concat(seen.Select(TextOfId));
    }

    /// <summary>Its loss, nats; NaN where there is no model.</summary>
    public float LossOf(int token) => losses is null ? float.NaN : losses.Value[token];

    /// <summary>Whether a pattern picks it.</summary>
    public bool IsPicked(int pattern, int token) => flags.Value[pattern][token];

    private List<bool[]> Picked(IEnumerable<ProbePattern> patterns)
    {
        var found = patterns.ToList();
        double[] needed = found.Any(pattern => pattern is LossRange) ? [.. losses!.Value.Select(l => (double)l)] : [];
        return [.. found.Select(pattern => pattern.Pick(contexts, needed))];
    }

    private string TextOfId(int id) => id < texts.Count ? texts[id] : "";
}
