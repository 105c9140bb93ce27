using MlNetRllc.Core.Contexts;

namespace MlNetRllc.Core.Patterns;

/// <summary>A rule that picks tokens of contexts, whose losses are asked for together.</summary>
/// <param name="Name">What tables and pages call it, such as <c>inductionNew</c>.</param>
/// <param name="Description">What it picks, in a sentence.</param>
public abstract record ProbePattern(string Name, string Description)
{
    /// <summary>What the picked tokens follow from, beside contexts and losses: equal keys pick alike.</summary>
    public abstract string Key { get; }

    /// <summary>Which tokens are picked, [context, pos - 1], row-major: the first token of a context is predicted by nothing, so
    /// the flag at (c, t) speaks of token t + 1.</summary>
    /// <param name="contexts">The contexts.</param>
    /// <param name="losses">Losses of the trained weights on their tokens, [context, pos - 1], nats.</param>
    /// <exception cref="ArgumentException">The rule was made for other contexts.</exception>
    public abstract bool[] Pick(ContextSet contexts, IReadOnlyList<double> losses);
}
