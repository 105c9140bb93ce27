using MlNetRllc.Core.Heads;
using MlNetRllc.Foundation;

namespace MlNetRllc.Heads;

/// <summary>Every score, declared once, in the order of the columns: the component's columns, the command's tables, the report and
/// the README's table are made of this list.</summary>
internal static class HeadScoreSchema
{
    private const string Attention = "0 to 1", Change = "nats per token", Tokens = "tokens", Trace = "nats per squared weight";

    /// <summary>Numbers.</summary>
    public static IReadOnlyList<HeadScoreColumn> Numbers { get; } =
    [
        OfHead(RllcColumns.PreviousToken, Attention, "attention from the last of random tokens to the one before it",
            r => r.Head?.PreviousToken),
        OfHead(RllcColumns.CurrentToken, Attention, "attention from the last of random tokens to itself",
            r => r.Head?.CurrentToken),
        OfHead(RllcColumns.PrefixMatching, Attention, "attention from the second copy of a token to the place after the first",
            r => r.Head?.PrefixMatching),
        .. WithError(RllcColumns.ZeroAblation, ScoreScope.Head, Change, "loss change when the head's output is zero",
            r => r.Head?.ZeroAblation),
        .. WithError(RllcColumns.MeanAblation, ScoreScope.Head, Change,
            "loss change when the head's output is its mean over contexts and positions",
            r => r.Head?.MeanAblation),
        .. WithError(RllcColumns.ResampleAblation, ScoreScope.Head, Change, "loss change when the head's output is another context's",
            r => r.Head?.ResampleAblation),
        .. WithError(RllcColumns.PositionAblation, ScoreScope.Head, Change,
            "loss change when its queries and keys see the mean position everywhere",
            r => r.Head?.PositionAblation),
        OfHead(RllcColumns.InductionTokens, Tokens, "of the tokens that mean ablation changes most: those that induction explains",
            r => r.Tokens?.Induction),
        OfHead(RllcColumns.BracketTokens, Tokens, "those that brackets explain", r => r.Tokens?.Brackets),
        OfHead(RllcColumns.NGramTokens, Tokens, "those that an n-gram explains", r => r.Tokens?.NGrams),
        OfHead(RllcColumns.SkipNGramTokens, Tokens, "those that a skip n-gram explains", r => r.Tokens?.SkipNGrams),
        OfHead(RllcColumns.UnexplainedTokens, Tokens, "those that nothing explains", r => r.Tokens?.Unexplained),
        OfHead(RllcColumns.MemorisedMultigrams, "multigrams", "n-grams and skip n-grams that the head has memorised",
            r => r.Memorised),
        .. WithError(RllcColumns.HessianTrace, ScoreScope.Head, Trace, "trace of the loss's Hessian over the head's weights",
            r => TraceOf(r.Hessian)),
        .. WithError(RllcColumns.FisherTrace, ScoreScope.Head, Trace, "trace of the empirical Fisher information over them",
            r => TraceOf(r.Fisher)),
        OfModel(RllcColumns.LastTokenChance, Attention, "PreviousToken and CurrentToken of a head that attends to all tokens alike",
            r => r.All?.Chance.LastToken),
        OfModel(RllcColumns.PrefixMatchingChance, Attention, "PrefixMatching of such a head",
            r => r.All?.Chance.PrefixMatching),
        .. WithError(RllcColumns.ModelLoss, ScoreScope.Model, Change, "mean loss", r => r.All?.Model.Loss),
        .. WithError(RllcColumns.InContextLearning, ScoreScope.Model, Change, "loss late in the context minus loss early in it",
            r => r.All?.Model.InContextLearning),
        OfModel(RllcColumns.BigramCrossEntropy, Change, "cross-entropy of the prediction against the text's own bigrams",
            r => r.All?.Model.BigramCrossEntropy),
        OfModel(RllcColumns.BigramEntropy, Change, "entropy of those bigrams: the least the cross-entropy can be",
            r => r.All?.Model.BigramEntropy),
        .. WithError(RllcColumns.ModelPositionAblation, ScoreScope.Model, Change,
            "loss change when every layer sees the mean position everywhere",
            r => r.All?.Model.PositionAblation),
    ];

    /// <summary>Vectors.</summary>
    public static IReadOnlyList<HeadScoreVector> Vectors { get; } =
    [
        WithHeadsBelow(RllcColumns.QComposition, Attention, "composition of the queries with each head's output",
            r => r.Head?.QComposition),
        WithHeadsBelow(RllcColumns.KComposition, Attention, "of the keys", r => r.Head?.KComposition),
        WithHeadsBelow(RllcColumns.VComposition, Attention, "of the values", r => r.Head?.VComposition),
        WithHeadsBelow(RllcColumns.PathAblation, Change, "loss change when this head alone reads the other's output as its mean",
            r => r.Head?.PathAblation),
        new(RllcColumns.NGrams, ScoreScope.Model, Change,
            "of words of 2, 3 and 4 tokens: loss on the last token minus the mean loss at its index", ["2-gram", "3-gram", "4-gram"],
            r => r.All?.Model.NGrams),
    ];

    private static HeadScoreColumn OfHead(string name, string unit, string description, Func<ScoredRow, double?> value) =>
        new(name, ScoreScope.Head, unit, description, value);

    private static HeadScoreColumn OfModel(string name, string unit, string description, Func<ScoredRow, double?> value) =>
        new(name, ScoreScope.Model, unit, description, value);

    private static HeadScoreColumn[] WithError(
        string name, ScoreScope scope, string unit, string description, Func<ScoredRow, Measured?> measured) =>
    [
        new(name, scope, unit, description, r => measured(r)?.Value),
        new($"{name}StdErr", scope, unit, "its standard error", r => measured(r)?.StdErr),
    ];

    private static Measured? TraceOf(ComponentTrace? trace) => trace is { } found ? new Measured(found.Value, found.StdErr) : null;

    private static HeadScoreVector WithHeadsBelow(
        string name, string unit, string description, Func<ScoredRow, IReadOnlyList<double>?> values) =>
        new(name, ScoreScope.Head, unit, description, null, values);
}
