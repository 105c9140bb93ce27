using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Patterns;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>What a probe set is made to ask.</summary>
internal enum ProbeQuestion
{
    /// <summary>Random tokens that come twice.</summary>
    Repeated,

    /// <summary>Contexts whose tokens are in random order.</summary>
    Shuffled,
}

/// <summary>A probe set of a pipeline file: contexts of a dataset, or contexts made from one to ask one thing.</summary>
internal sealed record ProbeOptions : ICheckedTogether
{
    private static readonly IReadOnlyList<string> Rules = [.. PatternRules.All.Select(rule => rule.Name)];

    /// <summary>The dataset.</summary>
    [Description("the dataset whose contexts are observed, or from which a question is made")]
    public string Of { get; init; } = "";

    /// <summary>What it asks; null for the dataset's own contexts.</summary>
    [Description("made to ask one thing: repeated (random tokens that come twice) or shuffled (tokens in random order); "
        + "the dataset's own contexts when absent")]
    public ProbeQuestion? Question { get; init; }

    /// <summary>How many contexts.</summary>
    [Description("contexts of the set; none of them is sampled on, and no other set has them"), Range(1, 100_000)]
    public int Contexts { get; init; } = 32;

    /// <summary>Tokens of a context of random tokens, odd: a start token and two copies. The model's context length, or one less,
    /// when null.</summary>
    [Description("tokens of a context that is a start token and two copies, odd; the model's context length, or one less, when absent"),
        Range(5, 1_000_000)]
    public int? Length { get; init; }

    /// <summary>Seed of the contexts that are chosen, and of random tokens.</summary>
    [Description("seed of the contexts that are chosen, and of random tokens and orders")]
    public int Seed { get; init; } = 1;

    /// <summary>Names of its patterns; all that there are when null, the whole set alone when empty.</summary>
    [Description("patterns by which its tokens are asked, besides the whole set: all when absent")]
    public IReadOnlyList<string>? Patterns { get; init; }

    /// <summary>The names that <see cref="Patterns"/> may have, of whatever question.</summary>
    public static IReadOnlyList<string> AllPatterns { get; } =
        [.. Rules, .. Enum.GetValues<ProbeQuestion>().SelectMany(question => PatternsOf(question))];

    /// <summary>Its patterns by name.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> PatternNames => Patterns ?? PatternsOf(Question);

    /// <summary>The patterns that sets of a question have.</summary>
    public static IReadOnlyList<string> PatternsOf(ProbeQuestion? question) => question switch
    {
        ProbeQuestion.Repeated => ["firstCopy", "secondCopy"],
        ProbeQuestion.Shuffled => ["seenBefore", "seenFirst"],
        _ => Rules,
    };

    /// <summary>Tokens of its contexts.</summary>
    /// <param name="modelLength">Those of the model's contexts.</param>
    public int LengthOf(int modelLength) =>
        Question == ProbeQuestion.Repeated ? Length ?? (modelLength % 2 == 1 ? modelLength : modelLength - 1) : modelLength;

    string? ICheckedTogether.WhatIsWrong() =>
        Length is not { } length ? null
        : Question != ProbeQuestion.Repeated ? "has a length, which only random tokens have that come twice (question: repeated)"
        : length % 2 == 0 ? $"has contexts of {length} tokens; a start token and two copies make an odd number"
        : null;
}
