using Microsoft.ML;
using MlNetRllc.Core.Heads;
using MlNetRllc.Foundation;

namespace MlNetRllc.Heads;

/// <summary>What is known of one row's head; null where the row could not be scored.</summary>
/// <param name="All">Scores of its checkpoint.</param>
/// <param name="Head">Its head's scores; null when the component is no head.</param>
/// <param name="Tokens">Classes of the tokens that the head matters for.</param>
/// <param name="Memorised">Multigrams that the head has memorised.</param>
/// <param name="Hessian">Trace of the head's Hessian.</param>
/// <param name="Fisher">Trace of the head's empirical Fisher information.</param>
/// <param name="Status">Empty, or why scores are missing.</param>
internal sealed record ScoredRow(HeadScores? All, HeadScore? Head, TokenCounts? Tokens, int? Memorised, ComponentTrace? Hessian, ComponentTrace? Fisher,
    string Status)
{
    /// <summary>What was not measured, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>The columns of head scores, and what each holds of a row.</summary>
internal static class HeadScoreColumns
{
    private static readonly (string Name, Func<ScoredRow, double?> Value)[] Numbers =
    [
        ("PreviousToken", r => r.Head?.PreviousToken), ("CurrentToken", r => r.Head?.CurrentToken), ("PrefixMatching", r => r.Head?.PrefixMatching),
        ("ZeroAblation", r => r.Head?.ZeroAblation.Value), ("ZeroAblationStdErr", r => r.Head?.ZeroAblation.StdErr),
        ("MeanAblation", r => r.Head?.MeanAblation.Value), ("MeanAblationStdErr", r => r.Head?.MeanAblation.StdErr),
        ("ResampleAblation", r => r.Head?.ResampleAblation.Value), ("ResampleAblationStdErr", r => r.Head?.ResampleAblation.StdErr),
        ("PositionAblation", r => r.Head?.PositionAblation.Value), ("PositionAblationStdErr", r => r.Head?.PositionAblation.StdErr),
        ("InductionTokens", r => r.Tokens?.Induction), ("BracketTokens", r => r.Tokens?.Brackets), ("NGramTokens", r => r.Tokens?.NGrams),
        ("SkipNGramTokens", r => r.Tokens?.SkipNGrams), ("UnexplainedTokens", r => r.Tokens?.Unexplained), ("MemorisedMultigrams", r => r.Memorised),
        ("HessianTrace", r => r.Hessian?.Value), ("HessianTraceStdErr", r => r.Hessian?.StdErr),
        ("FisherTrace", r => r.Fisher?.Value), ("FisherTraceStdErr", r => r.Fisher?.StdErr),
        ("LastTokenChance", r => r.All?.Chance.LastToken), ("PrefixMatchingChance", r => r.All?.Chance.PrefixMatching),
        ("ModelLoss", r => r.All?.Model.Loss.Value), ("ModelLossStdErr", r => r.All?.Model.Loss.StdErr),
        ("InContextLearning", r => r.All?.Model.InContextLearning.Value), ("InContextLearningStdErr", r => r.All?.Model.InContextLearning.StdErr),
        ("BigramCrossEntropy", r => r.All?.Model.BigramCrossEntropy), ("BigramEntropy", r => r.All?.Model.BigramEntropy),
        ("ModelPositionAblation", r => r.All?.Model.PositionAblation.Value), ("ModelPositionAblationStdErr", r => r.All?.Model.PositionAblation.StdErr),
    ];

    private static readonly (string Name, Func<ScoredRow, IReadOnlyList<double>?> Values)[] OfHeadsBelow =
    [
        ("QComposition", r => r.Head?.QComposition), ("KComposition", r => r.Head?.KComposition), ("VComposition", r => r.Head?.VComposition),
        ("PathAblation", r => r.Head?.PathAblation),
    ];

    private static readonly string[] Words = ["2-gram", "3-gram", "4-gram"];

    /// <param name="heads">Heads in each layer.</param>
    public static IReadOnlyList<DataViewSchema.DetachedColumn> VectorsOver(int heads) =>
    [
        .. Numbers.Select(n => ColumnTypes.Scalar<double>(n.Name)),
        .. OfHeadsBelow.Select(n => ColumnTypes.Vector<double>(n.Name, ColumnTypes.Numbered("h", heads))),
        ColumnTypes.Vector<double>("NGrams", Words),
        ColumnTypes.Scalar<string>("ScoreNotes"),
        ColumnTypes.Scalar<string>("ScoreStatus"),
    ];

    public static Delegate?[] Getters(int heads, Func<int, bool> active, Func<ScoredRow> row)
    {
        IReadOnlyList<double> Sized(IReadOnlyList<double>? values, int size) =>
            values?.Count == size ? values : [.. Enumerable.Repeat(double.NaN, size)]; // Layer 0 has no heads below.
        Delegate[] all =
        [
            .. Numbers.Select(n => Foundation.Getters.Scalar(() => n.Value(row()) ?? double.NaN)),
            .. OfHeadsBelow.Select(n => Foundation.Getters.Vector(() => Sized(n.Values(row()), heads))),
            Foundation.Getters.Vector(() => Sized(row().All?.Model.NGrams, Words.Length)),
            Foundation.Getters.Text(() => string.Join(' ', row().Notes)),
            Foundation.Getters.Text(() => row().Status),
        ];
        return [.. all.Select((getter, i) => active(i) ? getter : null)];
    }
}
