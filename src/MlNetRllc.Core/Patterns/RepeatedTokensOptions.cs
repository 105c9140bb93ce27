using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MlNetRllc.Core.Patterns;

/// <summary>How many random tokens are repeated.</summary>
public sealed record RepeatedTokensOptions
{
    /// <summary>Contexts.</summary>
    [Description("contexts of random tokens that come twice"), Range(1, 1_000_000)]
    public int Contexts { get; init; } = 64;

    /// <summary>Tokens of one copy; a context has one more than twice as many.</summary>
    [Description("random tokens of one copy"), Range(1, 100_000)]
    public int CopyLength { get; init; } = 64;

    /// <summary>Seed of the random tokens.</summary>
    [Description("seed of the random tokens")]
    public int Seed { get; init; } = 1;
}
