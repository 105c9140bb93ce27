using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Core.Patterns;

/// <summary>Decides of one token of a context whether a pattern picks it.</summary>
/// <param name="tokens">The context, [pos].</param>
/// <param name="position">The token's place in it, from 1.</param>
public delegate bool PatternRule(ReadOnlySpan<int> tokens, int position);

/// <summary>A pattern whose tokens are known beforehand, whatever the model thinks of them.</summary>
public sealed record PickedTokens : ProbePattern
{
    private readonly bool[] flags;

    /// <summary>Takes the flags as they are.</summary>
    /// <param name="name">See <see cref="ProbePattern.Name"/>.</param>
    /// <param name="description">See <see cref="ProbePattern.Description"/>.</param>
    /// <param name="flags">[context, pos - 1], row-major.</param>
    public PickedTokens(string name, string description, IReadOnlyList<bool> flags) : base(name, description)
    {
        ArgumentNullException.ThrowIfNull(flags);
        this.flags = [.. flags];
    }

    /// <summary>Picks what a rule says of the contexts' tokens.</summary>
    /// <param name="name">See <see cref="ProbePattern.Name"/>.</param>
    /// <param name="description">See <see cref="ProbePattern.Description"/>.</param>
    /// <param name="contexts">Whose tokens.</param>
    /// <param name="rule">Asked of every token but each context's first.</param>
    public PickedTokens(string name, string description, ContextSet contexts, PatternRule rule)
        : this(name, description, Asked(contexts, rule))
    {
    }

    /// <summary>How many tokens it picks, tokens.</summary>
    public int Count => flags.Count(picked => picked);

    /// <summary>SHA-256 of the flags, in lower-case hexadecimal.</summary>
    public override string Key => ContentHash.OfValues<bool>(flags);

    /// <inheritdoc/>
    public override bool[] Pick(ContextSet contexts, IReadOnlyList<double> losses)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        var wanted = contexts.Count * (contexts.ContextLength - 1);
        return flags.Length == wanted ? [.. flags] : throw new ArgumentException($"The pattern '{Name}' has {flags.Length} flags; "
            + $"'{contexts.Name}' has {wanted} tokens that are predicted ({contexts.Count} contexts of {contexts.ContextLength}).");
    }

    private static bool[] Asked(ContextSet contexts, PatternRule rule)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        ArgumentNullException.ThrowIfNull(rule);
        var (width, flags) = (contexts.ContextLength - 1, new bool[contexts.Count * (contexts.ContextLength - 1)]);
        for (var i = 0; i < flags.Length; i++) flags[i] = rule(contexts[i / width], i % width + 1);
        return flags;
    }
}
