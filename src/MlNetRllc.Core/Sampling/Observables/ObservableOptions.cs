using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MlNetRllc.Core.Sampling.Observables;

/// <summary>What is kept of single tokens.</summary>
public enum KeptTokens
{
    /// <summary>Nothing: patterns and contexts alone.</summary>
    None,

    /// <summary>Means over batches of draws, so that errors know the draws' autocorrelation.</summary>
    Batches,

    /// <summary>Every observed draw.</summary>
    Draws,
}

/// <summary>How probe sets are observed.</summary>
public sealed record ObservableOptions
{
    /// <summary>Draws for each observed one: 1 observes every draw.</summary>
    [Description("draws for each observed one"), Range(1, 1_000_000)]
    public int Every { get; init; } = 1;

    /// <summary>What is kept of single tokens.</summary>
    [Description("what is kept of single tokens: none, batches or draws")]
    public KeptTokens Tokens { get; init; }

    /// <summary>Batches of draws of each chain, where these are kept; fewer where fewer draws are observed.</summary>
    [Description("batches of draws of each chain, where these are kept"), Range(2, 1024)]
    public int Batches { get; init; } = 8;

    /// <summary>Whether a probe set may hold contexts that are sampled, or that another set holds.</summary>
    [Description("whether a probe set may hold contexts that are sampled on")]
    public bool AllowShared { get; init; }
}
