using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Core.Patterns;

namespace MlNetRllc.Core.Heads;

/// <summary>What counts as a pattern that explains a token, and as memorised.</summary>
public sealed record TokenPatternOptions
{
    /// <summary>Contexts in which heads are ablated.</summary>
    [Description("contexts in which heads are ablated"), Range(1, 100_000)]
    public int Contexts { get; init; } = 32;

    /// <summary>Tokens of each head that are explained: those whose loss its ablation changes
    /// most.</summary>
    [Description("most changed tokens of each head that are explained"), Range(1, 1_000_000)]
    public int Tokens { get; init; } = 100;

    /// <summary>Tokens of the longest n-gram.</summary>
    [Description("tokens of the longest n-gram"), Range(2, 4)]
    public int LongestNGram { get; init; } = 4;

    /// <summary>How far back a skip n-gram's first token may lie before its second.</summary>
    [Description("farthest distance between the first and second token of a skip n-gram"), Range(2, 64)]
    public int SkipDistance { get; init; } = 8;

    /// <summary>Least share with which an n-gram or skip n-gram of the text goes on with its last
    /// token.</summary>
    [Description("least probability of the last token in the text"), Range(0.0, 1.0)]
    public double LeastProbability { get; init; } = 0.2;

    /// <summary>Least number of times that an n-gram or skip n-gram stands in the text.</summary>
    [Description("least count in the text"), Range(1, 1_000_000)]
    public int LeastCount { get; init; } = 5;

    /// <summary>How much likelier than by the token before alone a skip n-gram must make its last
    /// token.</summary>
    [Description("least gain of a skip n-gram over the bigram"), Range(1.0, 1000.0)]
    public double LeastGain { get; init; } = 2;

    /// <summary>Opening and closing brackets, in pairs.</summary>
    [Description("opening and closing brackets, in pairs")]
    public string Brackets { get; init; } = BracketMatcher.Usual;

    /// <summary>Least mean rise of the loss of a multigram's last token that makes it memorised by
    /// the ablated head, in nats.</summary>
    [Description("least loss rise of a memorised multigram, in nats"), Range(0.0, 100.0)]
    public double LeastRise { get; init; } = 0.1;
}
