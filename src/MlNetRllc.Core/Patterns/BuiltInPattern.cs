namespace MlNetRllc.Core.Patterns;

/// <summary>A pattern that can be asked for by name.</summary>
public sealed record BuiltInPattern
{
    private readonly Func<ContextFacts, int, bool>? rule;
    private readonly Func<PatternOptions, (double AtLeast, double Below)>? range;

    internal BuiltInPattern(string name, PatternNeeds needs, string description, Func<ContextFacts, int, bool> rule) =>
        (Name, Needs, Description, this.rule) = (name, needs, description, rule);

    internal BuiltInPattern(string name, string description, Func<PatternOptions, (double AtLeast, double Below)> range) =>
        (Name, Needs, Description, this.range) = (name, PatternNeeds.Losses, description, range);

    /// <summary>Its name, as it stands in study files and tables.</summary>
    public string Name { get; }

    /// <summary>Which tokens it picks, in a sentence.</summary>
    public string Description { get; }

    /// <summary>What it is made from beside the tokens.</summary>
    public PatternNeeds Needs { get; }

    /// <summary>The pattern of some contexts.</summary>
    /// <param name="contexts">What is known of each, [context].</param>
    /// <param name="length">Tokens in each.</param>
    /// <param name="options">What is easy, and what hard.</param>
    internal ProbePattern Over(IReadOnlyList<ContextFacts> contexts, int length, PatternOptions options)
    {
        if (range?.Invoke(options) is { } losses) return new LossRange(Name, Description, losses.AtLeast, losses.Below);
        var flags = from context in contexts from t in Enumerable.Range(1, length - 1) select rule!(context, t);
        return new PickedTokens(Name, Description, [.. flags]);
    }
}
