using Microsoft.ML;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Patterns;

namespace MlNetRllc.Patterns;

/// <summary>The patterns that are asked of a probe set: built-in ones, rules, columns. Names are checked at once, tokens are picked
/// when they are asked for.</summary>
internal sealed class ProbePatterns
{
    private readonly IDataView table;
    private readonly ContextSet contexts;
    private readonly PatternFinder finder;
    private readonly IReadOnlyList<string> builtIn, columns;
    private readonly IReadOnlyDictionary<string, PatternRule> rules;

    public ProbePatterns(
        IDataView table, ContextSet contexts, PatternFinder finder, ProbeTokensOptions options,
        IReadOnlyDictionary<string, PatternRule>? rules, bool hasLosses)
    {
        (this.table, this.contexts, this.finder, columns) = (table, contexts, finder, options.PatternColumns);
        this.rules = rules ?? new Dictionary<string, PatternRule>();
        bool Lacks(BuiltInPattern pattern) => !hasLosses && pattern.Needs.HasFlag(PatternNeeds.Losses);
        builtIn = options.Patterns.Count > 0 ? options.Patterns
            : [.. PatternRules.All.Where(p => !Lacks(p) && !finder.LeftOut.ContainsKey(p.Name)).Select(p => p.Name)];
        foreach (var name in builtIn)
            if (Lacks(PatternRules.Named(name)))
                throw new ArgumentException(
                    $"ProbeTokens: the pattern '{name}' cannot be found: it is made from losses, and no checkpoint is given.");
            else if (finder.LeftOut.TryGetValue(name, out var reason))
                throw new ArgumentException($"ProbeTokens: the pattern '{name}' cannot be found: {reason}.");
        foreach (var column in columns) PatternColumn.Check(table, column);
        Names = [.. builtIn, .. this.rules.Keys, .. columns];
        var taken = new HashSet<string>(ProbeTokenView.FirstColumns.Select(c => c.Name), StringComparer.Ordinal);
        foreach (var name in Names)
            if (string.IsNullOrWhiteSpace(name) || !taken.Add(name))
                throw new ArgumentException(
                    $"ProbeTokens: the pattern '{name}' needs another name: two columns would have it, or it is empty.");
    }

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The patterns, in the order of their names.</summary>
    public IEnumerable<ProbePattern> Find()
    {
        var own = rules.Select(rule => new PickedTokens(rule.Key, "A rule of one's own.", contexts, rule.Value));
        return [.. finder.Find(builtIn), .. own, .. columns.Select(column => PatternColumn.Read(table, column))];
    }
}
