using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Core.Patterns;

namespace MlNetRllc.Patterns;

/// <summary>Which patterns a probe set has as columns, and what its rows say.</summary>
public sealed record ProbeTokensOptions
{
    /// <summary>The name of the probe set, as the column <c>Dataset</c> has it.</summary>
    [Description("name of the probe set")]
    public string Dataset { get; init; } = "probe";

    /// <summary>Built-in patterns by name (<see cref="PatternRules"/>); when empty, all that can be found from what is given.</summary>
    [Description("built-in patterns by name; all that can be found when absent")]
    public IReadOnlyList<string> Patterns { get; init; } = [];

    /// <summary>What the built-in patterns call known, new, rare, easy and hard.</summary>
    [Description("what patterns call known, new, rare, easy and hard")]
    public PatternOptions Limits { get; init; } = new();

    /// <summary>Columns of the contexts' table that are patterns of one's own: vectors of Boolean [pos], whose element i speaks of
    /// token i.</summary>
    [Description("columns of the table of contexts that are patterns of one's own")]
    public IReadOnlyList<string> PatternColumns { get; init; } = [];

    /// <summary>What each token stands for, by id, as the tokenizer's TokenText tells; without it there are no texts, and no patterns
    /// that are made from them.</summary>
    [Description("what each token stands for, by id; none leaves out texts and what is made from them")]
    public IReadOnlyList<string> TokenTexts { get; init; } = [];

    /// <summary>Tokens before a row's own that <c>TextBefore</c> shows.</summary>
    [Description("tokens before a row's own that its text shows"), Range(0, 10_000)]
    public int TokensBefore { get; init; } = 8;
}
