using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Report;

/// <summary>Scores as the page reads them: those of heads in a table, those of the whole model once a checkpoint.</summary>
/// <param name="Columns">Names of the columns of <paramref name="Rows"/>.</param>
/// <param name="Rows">One a head and checkpoint; columns that are missing everywhere are left out.</param>
/// <param name="Model">One a checkpoint.</param>
internal sealed record ScoreTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object>> Rows, IReadOnlyList<object> Model)
{
    private static readonly (string Name, Func<HeadScoreRow, double> Value)[] Numbers =
    [
        ("previousToken", r => r.PreviousToken), ("currentToken", r => r.CurrentToken), ("prefixMatching", r => r.PrefixMatching),
        ("zeroAblation", r => r.ZeroAblation), ("zeroAblationStdErr", r => r.ZeroAblationStdErr), ("meanAblation", r => r.MeanAblation), ("meanAblationStdErr", r => r.MeanAblationStdErr),
        ("resampleAblation", r => r.ResampleAblation), ("resampleAblationStdErr", r => r.ResampleAblationStdErr),
        ("positionAblation", r => r.PositionAblation), ("positionAblationStdErr", r => r.PositionAblationStdErr),
        ("inductionTokens", r => r.InductionTokens), ("bracketTokens", r => r.BracketTokens), ("nGramTokens", r => r.NGramTokens), ("skipNGramTokens", r => r.SkipNGramTokens),
        ("unexplainedTokens", r => r.UnexplainedTokens), ("memorisedMultigrams", r => r.MemorisedMultigrams),
        ("hessianTrace", r => r.HessianTrace), ("hessianTraceStdErr", r => r.HessianTraceStdErr), ("fisherTrace", r => r.FisherTrace), ("fisherTraceStdErr", r => r.FisherTraceStdErr),
    ];

    private static readonly (string Name, Func<HeadScoreRow, double[]> Values)[] OfHeadsBelow =
        [("qComposition", r => r.QComposition), ("kComposition", r => r.KComposition), ("vComposition", r => r.VComposition), ("pathAblation", r => r.PathAblation)];

    /// <summary>Null when there are no scores.</summary>
    public static ScoreTable? TableOf(IReadOnlyList<HeadScoreRow> scores)
    {
        if (scores.Count == 0) return null;
        var numbers = Numbers.Where(n => scores.Any(r => double.IsFinite(n.Value(r)))).ToList();
        var vectors = OfHeadsBelow.Where(v => scores.Any(r => v.Values(r).Any(double.IsFinite))).ToList();
        return new(["step", "component", .. numbers.Select(n => n.Name), .. vectors.Select(v => v.Name)],
            [.. scores.Select(r => (IReadOnlyList<object>)[r.Step, r.Component, .. numbers.Select(n => (object)n.Value(r)),
                .. vectors.Select(v => (object)(v.Values(r).Any(double.IsFinite) ? v.Values(r) : []))])],
            [.. scores.DistinctBy(r => r.Step).OrderBy(r => r.Step).Select(r => new
            {
                r.Step, r.LastTokenChance, r.PrefixMatchingChance, r.ModelLoss, r.ModelLossStdErr, r.InContextLearning, r.InContextLearningStdErr, r.BigramCrossEntropy,
                r.BigramEntropy, r.ModelPositionAblation, r.ModelPositionAblationStdErr, r.NGrams,
            })]);
    }
}
