using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Patterns;

/// <summary>Finds the built-in patterns of some contexts; the training text is counted once, when a pattern first asks for it.</summary>
public sealed class PatternFinder
{
    private readonly ContextSet contexts;
    private readonly PatternOptions options;
    private NGramTables? tables;

    /// <summary>Takes the contexts whose tokens are picked.</summary>
    /// <exception cref="ArgumentException">Options lie outside their ranges or do not go together.</exception>
    public PatternFinder(ContextSet contexts, PatternOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        (this.contexts, this.options) = (contexts, (options ?? new()).Validated());
    }

    /// <summary>What each token stands for, by id; null leaves out what is made from it.</summary>
    public IReadOnlyList<string>? TokenTexts { get; init; }

    /// <summary>Where n-grams are counted, normally the training text; null leaves out what is made from it.</summary>
    public ContextSet? TrainingText { get; init; }

    /// <summary>Names of the patterns that cannot be found here, with the reason.</summary>
    public IReadOnlyDictionary<string, string> LeftOut => PatternRules.All.Where(pattern => WhatLacks(pattern) is not null)
        .ToDictionary(pattern => pattern.Name, pattern => WhatLacks(pattern)!);

    /// <summary>Finds all patterns that are not left out, in the order of <see cref="PatternRules.All"/>.</summary>
    public IReadOnlyList<ProbePattern> FindAll() => Find(PatternRules.All.Where(pattern => WhatLacks(pattern) is null));

    /// <summary>Finds some patterns, in the order of their names.</summary>
    /// <exception cref="ArgumentException">There is no such pattern, or what it is made from is not given.</exception>
    public IReadOnlyList<ProbePattern> Find(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var asked = names.Select(PatternRules.Named).ToList();
        return asked.FirstOrDefault(pattern => WhatLacks(pattern) is not null) is not { } lacking ? Find(asked)
            : throw new ArgumentException($"The pattern '{lacking.Name}' cannot be found: {WhatLacks(lacking)}.");
    }

    private List<ProbePattern> Find(IEnumerable<BuiltInPattern> patterns)
    {
        var asked = patterns.ToList();
        if (asked.Any(pattern => pattern.Needs.HasFlag(PatternNeeds.TrainingText))) tables ??= Counted();
        var facts = new ContextFacts[contexts.Count];
        for (var i = 0; i < facts.Length; i++) facts[i] = new(contexts[i].ToArray(), TokenTexts, tables, options);
        return [.. asked.Select(pattern => pattern.Over(facts, contexts.ContextLength, options))];
    }

    private NGramTables Counted()
    {
        var counted = new NGramTables(options.SkipDistance);
        for (var i = 0; i < contexts.Count; i++) counted.Ask(contexts[i]);
        counted.Count(TrainingText!);
        return counted;
    }

    private string? WhatLacks(BuiltInPattern pattern) =>
        pattern.Needs.HasFlag(PatternNeeds.TokenTexts) && TokenTexts is null ? "it is made from the texts of tokens, which are not given"
        : pattern.Needs.HasFlag(PatternNeeds.TrainingText) && TrainingText is null
            ? "it is made from n-grams of the training text, which is not given"
        : null;
}
