using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Patterns;

/// <summary>What the built-in patterns call known, new, rare, easy and hard.</summary>
public sealed record PatternOptions : ICheckedTogether
{
    /// <summary>Least share in which what stands before a token goes on with it in the training text, for the text's tables to
    /// know the token.</summary>
    [Description("least probability of a token that a table of the training text knows"), Range(0.0, 1.0)]
    public double LeastProbability { get; init; } = 0.2;

    /// <summary>Least number of times that they stand together in the training text.</summary>
    [Description("least count in the training text of what its tables know"), Range(1, 1_000_000)]
    public int LeastCount { get; init; } = 5;

    /// <summary>An induction is new where the trigram table gives its token less than this; e^-2, a loss of 2 nats.</summary>
    [Description("an induction is new where the trigram table gives less than this"), Range(0.0, 1.0)]
    public double NewBelow { get; init; } = 0.1353352832366127;

    /// <summary>How far before a token the first token of a skip-bigram may lie.</summary>
    [Description("farthest distance between the two tokens of a skip-bigram"), Range(2, 64)]
    public int SkipDistance { get; init; } = 8;

    /// <summary>How much likelier than by its share of the text alone a skip-bigram must make its token.</summary>
    [Description("least gain of a skip-bigram over the token's share of the text"), Range(1.0, 1000.0)]
    public double LeastGain { get; init; } = 2;

    /// <summary>Least share in which the three tokens before a memorised n-gram's last one go on with it.</summary>
    [Description("least probability of the last token of a memorised n-gram"), Range(0.0, 1.0)]
    public double MemorisedProbability { get; init; } = 0.9;

    /// <summary>A token is rare where its share of the training text's tokens is below this.</summary>
    [Description("a token is rare where its share of the training text is below this"), Range(0.0, 1.0)]
    public double RareBelow { get; init; } = 1e-4;

    /// <summary>A token is easy where the trained weights' loss on it is below this, nats.</summary>
    [Description("a token is easy where its loss is below this, in nats"), Range(0.0, 100.0)]
    public double EasyBelow { get; init; } = 0.3;

    /// <summary>A token is hard where the trained weights' loss on it is this or more, nats.</summary>
    [Description("a token is hard where its loss is this or more, in nats"), Range(0.0, 100.0)]
    public double HardFrom { get; init; } = 3;

    /// <summary>Opening and closing brackets, in pairs.</summary>
    [Description("opening and closing brackets, in pairs")]
    public string Brackets { get; init; } = BracketMatcher.Usual;

    string? ICheckedTogether.WhatIsWrong() =>
        Brackets.Length % 2 != 0 ? $"has the Brackets '{Brackets}'; opening and closing brackets come in pairs"
        : EasyBelow > HardFrom ? FormattableString.Invariant($"has EasyBelow {EasyBelow} above HardFrom {HardFrom}")
        : null;
}
