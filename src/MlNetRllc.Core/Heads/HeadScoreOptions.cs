using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MlNetRllc.Core.Heads;

/// <summary>How heads are scored.</summary>
public sealed record HeadScoreOptions
{
    /// <summary>Random sequences for each attention score.</summary>
    [Description("random sequences for each attention score"), Range(1, 100_000)]
    public int Sequences { get; init; } = 64;

    /// <summary>Contexts on which every head is ablated in every way.</summary>
    [Description("contexts on which heads are ablated"), Range(1, 100_000)]
    public int AblationContexts { get; init; } = 8;

    /// <summary>Contexts for the scores of the whole model: loss, in-context learning, bigrams.</summary>
    [Description("contexts for the scores of the whole model"), Range(1, 1_000_000)]
    public int ModelContexts { get; init; } = 32;

    /// <summary>Whether paths between heads of successive layers are ablated; the dearest of the
    /// scores.</summary>
    [Description("whether paths between heads are ablated")]
    public bool PathAblation { get; init; } = true;

    /// <summary>Words of each number of tokens for the n-gram scores, the most frequent ones.</summary>
    [Description("words of each number of tokens for the n-gram scores"), Range(1, 100_000)]
    public int Words { get; init; } = 256;

    /// <summary>The token that begins a document; -1 for the one that the contexts name, as those
    /// of TokenizeText do, else the last of the vocabulary.</summary>
    [Description("token that begins a document; -1 for the tokenizer's own"), Range(-1, 1 << 20)]
    public int BeginningOfSequence { get; init; } = -1;

    /// <summary>Seed of the random sequences and of the contexts that resampling takes from.</summary>
    [Description("seed of random sequences and of resampling")]
    public int Seed { get; init; }
}
