using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MlNetRllc.Prediction;

/// <summary>Which columns a text prediction appends beside <c>Tokens</c> and <c>Loss</c>.</summary>
public sealed record TextPredictionOptions
{
    /// <summary>Whether to append <c>TokenLosses</c>.</summary>
    [Description("whether to append the loss of each token")]
    public bool TokenLosses { get; init; } = true;

    /// <summary>How many of the likeliest next tokens to append; 0 for none.</summary>
    [Description("likeliest next tokens to append; 0 for none"), Range(0, 10_000)]
    public int TopTokens { get; init; } = 5;

    /// <summary>How many tokens to draw after the text; 0 for none.</summary>
    [Description("tokens to draw after the text; 0 for none"), Range(0, 100_000)]
    public int Continuation { get; init; } = 20;

    /// <summary>Divides the logits before a token is drawn: 1 draws as the model expects, 0 always takes the likeliest.</summary>
    [Description("temperature at which the continuation is drawn; 0 takes the likeliest token"), Range(0.0, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>Seed of the continuation; the same text and seed give the same continuation.</summary>
    [Description("seed of the continuation")]
    public int Seed { get; init; } = 1;

    /// <summary>Whether to append <c>Attention</c>.</summary>
    [Description("whether to append attention patterns")]
    public bool Attention { get; init; }
}
