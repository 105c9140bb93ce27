using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Patterns;

namespace MlNetRllc.Core.Sampling.Observables;

/// <summary>Contexts whose token losses are observed while others are sampled, and the patterns that their tokens are asked
/// by.</summary>
public sealed record ProbeSet
{
    /// <summary>A probe set.</summary>
    /// <param name="name">Its name in tables.</param>
    /// <param name="contexts">Its contexts.</param>
    /// <param name="patterns">The patterns; the whole set is always one more, named
    /// <see cref="Estimation.ProbeTrace.WholeSet"/>.</param>
    /// <exception cref="ArgumentException">Two patterns have one name, or one that of the whole set.</exception>
    public ProbeSet(string name, ContextSet contexts, IReadOnlyList<ProbePattern>? patterns = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(contexts);
        (Name, Contexts, Patterns) = (name, contexts, patterns ?? []);
        var names = Patterns.Select(p => p.Name).Prepend(Estimation.ProbeTrace.WholeSet).ToList();
        if (names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The probe set '{name}' has two patterns named '{twice.Key}'; give each a name of its own"
                + (twice.Key == Estimation.ProbeTrace.WholeSet ? " ('all' is the whole set)." : "."), nameof(patterns));
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its contexts.</summary>
    public ContextSet Contexts { get; }

    /// <summary>Its patterns, without the whole set.</summary>
    public IReadOnlyList<ProbePattern> Patterns { get; }

    /// <summary>What a row's observations follow from: name, contexts and patterns.</summary>
    public string Key => ContentHash.OfText(string.Join('\n',
        Patterns.Select(p => $"{p.Name} {p.Key}").Prepend($"{Name}\n{Contexts.Key}")));

    /// <summary>Refuses contexts that stand in two sets.</summary>
    /// <remarks>A walker fits the minibatches that it has seen: observed on the same text, it would look better than it
    /// is.</remarks>
    /// <param name="sampled">The contexts that are sampled on.</param>
    /// <param name="probes">The probe sets.</param>
    /// <exception cref="ArgumentException">A context stands in two of them; the message names both.</exception>
    public static void RefuseShared(ContextSet sampled, IReadOnlyList<ProbeSet> probes)
    {
        ArgumentNullException.ThrowIfNull(sampled);
        ArgumentNullException.ThrowIfNull(probes);
        var owner = new Dictionary<string, (string Set, int Context)>(StringComparer.Ordinal);
        foreach (var probe in probes)
            for (var c = 0; c < probe.Contexts.Count; c++)
            {
                var text = TextOf(probe.Contexts[c]);
                if (owner.TryGetValue(text, out var other) && other.Set != probe.Name)
                    throw new ArgumentException($"Context {c} of the probe set '{probe.Name}' is context {other.Context} of the probe "
                        + $"set '{other.Set}' too; choose other contexts, or ask for shared ones.");
                owner[text] = (probe.Name, c);
            }
        if (owner.Count == 0) return;
        for (var c = 0; c < sampled.Count; c++)
            if (owner.TryGetValue(TextOf(sampled[c]), out var probe))
                throw new ArgumentException($"Context {probe.Context} of the probe set '{probe.Set}' is context {c} of the sampled dataset "
                    + $"'{sampled.Name}' too; choose other contexts, or ask for shared ones.");
    }

    private static string TextOf(ReadOnlySpan<int> tokens) => ContentHash.OfValues(tokens);
}
