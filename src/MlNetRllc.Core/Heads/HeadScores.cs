using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Heads;

/// <summary>A mean with its standard error over contexts; the error is NaN where there is one
/// context only.</summary>
/// <param name="Value">The mean, in the unit of the score.</param>
/// <param name="StdErr">Its standard error, in the unit of the score.</param>
public readonly record struct Measured(double Value, double StdErr)
{
    /// <summary>What could not be measured.</summary>
    public static Measured Missing { get; } = new(double.NaN, double.NaN);
}

/// <summary>The scores of one head.</summary>
/// <remarks>Loss changes are ablated minus whole, in nats per token: positive where the head helps.
/// Whatever could not be measured is NaN.</remarks>
public sealed record HeadScore
{
    /// <summary>Its layer, from 0.</summary>
    public required int Layer { get; init; }

    /// <summary>Its number in the layer, from 0.</summary>
    public required int Head { get; init; }

    /// <summary>As components are named, such as <c>l0h3</c>.</summary>
    public string Name => $"{new HeadName(Layer, Head)}";

    /// <summary>Attention from the last token of a random sequence to the one before it, 0 to 1.</summary>
    public required double PreviousToken { get; init; }

    /// <summary>Attention from the last token of the same sequences to itself, 0 to 1.</summary>
    public required double CurrentToken { get; init; }

    /// <summary>Attention from the second copy of a planted token to the position after the first,
    /// 0 to 1.</summary>
    public required double PrefixMatching { get; init; }

    /// <summary>Loss change when the head's output is set to zero, nats per token.</summary>
    public required Measured ZeroAblation { get; init; }

    /// <summary>Loss change when the head's output is set to its mean over contexts and
    /// positions, nats per token.</summary>
    public required Measured MeanAblation { get; init; }

    /// <summary>Loss change when the head's output is taken from the same position of another
    /// context, nats per token.</summary>
    public required Measured ResampleAblation { get; init; }

    /// <summary>Loss change when the head's queries and keys see the mean row of the position table
    /// everywhere, nats per token.</summary>
    public required Measured PositionAblation { get; init; }

    /// <summary>Q-composition with each head of the layer below, [head], 0 to 1; empty in layer 0.</summary>
    public required IReadOnlyList<double> QComposition { get; init; }

    /// <summary>K-composition with each head of the layer below, [head], 0 to 1; empty in layer 0.</summary>
    public required IReadOnlyList<double> KComposition { get; init; }

    /// <summary>V-composition with each head of the layer below, [head], 0 to 1; empty in layer 0.</summary>
    public required IReadOnlyList<double> VComposition { get; init; }

    /// <summary>Loss change when this head alone reads the stream with one lower head's output
    /// replaced by its mean, for each head of the layer below, [head], nats per
    /// token; empty in layer 0.</summary>
    public required IReadOnlyList<double> PathAblation { get; init; }
}

/// <summary>The scores of a whole checkpoint.</summary>
public sealed record ModelScore
{
    /// <summary>Mean loss, nats per token.</summary>
    public required Measured Loss { get; init; }

    /// <summary>Loss late in the context minus loss early in it, nats per token: negative where
    /// context helps.</summary>
    public required Measured InContextLearning { get; init; }

    /// <summary>Mean cross-entropy of the prediction against the text's own bigram distribution,
    /// nats per token.</summary>
    public required double BigramCrossEntropy { get; init; }

    /// <summary>Entropy of that distribution at the same tokens, nats per token: the least the
    /// cross-entropy can be.</summary>
    public required double BigramEntropy { get; init; }

    /// <summary>For words of 2, 3 and 4 tokens: loss on the last token minus the mean loss at the
    /// same index on the text, [word length - 2], nats per token.</summary>
    public required IReadOnlyList<double> NGrams { get; init; }

    /// <summary>Loss change when every layer sees the mean row of the position table everywhere,
    /// nats per token.</summary>
    public required Measured PositionAblation { get; init; }
}

/// <summary>All scores of one checkpoint.</summary>
public sealed record HeadScores
{
    /// <summary>Of the whole model.</summary>
    public required ModelScore Model { get; init; }

    /// <summary>Of every head, layer by layer.</summary>
    public required IReadOnlyList<HeadScore> Heads { get; init; }

    /// <summary>What the attention scores of a head would be that attends to all tokens alike:
    /// previous (and current) token, prefix matching.</summary>
    public required AttentionChance Chance { get; init; }

    /// <summary>Scores that were not measured, and why.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>Attention scores of a head that attends to all tokens alike, on the same sequences.</summary>
/// <param name="LastToken">Of the previous-token and of the current-token score, 0 to 1.</param>
/// <param name="PrefixMatching">Of the prefix-matching score, 0 to 1.</param>
public readonly record struct AttentionChance(double LastToken, double PrefixMatching);
