using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Patterns;
using MlNetRllc.Core.Sampling.Observables;

namespace MlNetRllc.Tests.Sampling;

/// <summary>Two probe sets for <see cref="TinyStudy"/>, of which no context is sampled.</summary>
internal static class TinyProbes
{
    /// <summary>One of the model's context length with three patterns, of which one picks nothing, and a shorter one without any.</summary>
    public static IReadOnlyList<ProbeSet> Sets { get; } = [Prose(), new("short", Contexts("short", 6, 5))];

    /// <summary>The first of them, with a pattern more or without one.</summary>
    public static ProbeSet Prose(params ProbePattern[] more)
    {
        var contexts = Contexts("prose", 5, TinyStudy.Config.ContextLength);
        return new("prose", contexts,
        [
            new PickedTokens("even", "even ids", contexts, (tokens, position) => tokens[position] % 2 == 0),
            new LossRange("hard", "a loss above 2.7 nats", 2.7, double.PositiveInfinity),
            new PickedTokens("none", "nothing", contexts, (_, _) => false),
            .. more,
        ]);
    }

    private static ContextSet Contexts(string name, int count, int length) =>
        new(name, Enumerable.Range(0, count * length).Select(i => (i * i + i / 3 + name.Length) % 16).ToArray(), length);
}
