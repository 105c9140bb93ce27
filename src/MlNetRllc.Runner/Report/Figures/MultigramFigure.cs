using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Final rLLC against the number of multigrams that a head has memorised.</summary>
internal sealed class MultigramFigure : StudyFigure
{
    public override string Id => "multigrams";

    public override string ShortName => "Multigrams";

    public override FigureText? Tell(StudyView view)
    {
        var points = Points(view, view.ScoredSteps.LastOrDefault(-1), view.LastStep);
        if (points.Count == 0) return null;
        const string title = "Final rLLC against memorised multigrams";
        var marks = "Each point is a head, its bar one standard error of the rLLC. Brackets hold 95 % intervals over heads, which treat heads as independent.";
        if (Correlations.Between(points.Select(p => (p.Count, p.Rllc.Value))) is not { } found)
            return new(title, "", $"The {Count(points.Count, "head")} with both numbers do not vary enough for a correlation. {marks}");
        var verdict = found.Pearson.IsClear
            ? $"heads that memorised more multigrams have a {(found.Pearson.Value > 0 ? "higher" : "lower")} rLLC"
            : "no correlation can be stated at this number of heads";
        var finding = $"Final rLLC and memorised multigrams: Pearson r = {found.Pearson}, Spearman {found.Spearman}, n = {found.Count}; {verdict}.";
        return new(title, finding, Sentences(finding, $"The line of least squares rises by {WithError(100 * found.Slope.Value, 100 * found.Slope.StdErr)} in rLLC per 100 multigrams.", Simple(view), Earlier(view), marks))
        {
            Data = new { found.Intercept, Slope = found.Slope.Value, From = points.Min(p => p.Count), To = points.Max(p => p.Count) },
        };
    }

    private static List<(string Name, double Count, ValueWithError Rllc)> Points(StudyView view, int scored, int sampled) =>
    [
        .. view.ScoresAt(scored).Where(s => double.IsFinite(s.MemorisedMultigrams) && view.Row(sampled, s.Component, view.TrainingText) is { } r && double.IsFinite(r.Rllc))
            .Select(s => (s.Component, s.MemorisedMultigrams, view.Row(sampled, s.Component, view.TrainingText)!)).Select(p => (p.Component, p.MemorisedMultigrams, new ValueWithError(p.Item3.Rllc, p.Item3.RllcStdErr))),
    ];

    /// <summary>Whether heads of a simple algorithm lie below multigram heads.</summary>
    private static string Simple(StudyView view)
    {
        List<double> Of(Func<string, bool> type) => [.. view.Heads.Where(h => type(view.TypeOf(h))).Select(h => view.Final(h, view.TrainingText).Value).Where(double.IsFinite)];
        var (simple, multigram) = (Of(t => t is "induction" or "previous-token" or "current-token"), Of(t => t == "multigram"));
        if (simple.Count < 2 || multigram.Count < 2) return view.HasTypes ? "There are too few heads of simple algorithms, or of multigrams, to compare the two." : "";
        var difference = ValueWithError.MeanOf(multigram) - ValueWithError.MeanOf(simple);
        var means = $"{WithError(ValueWithError.MeanOf(simple))} against {WithError(ValueWithError.MeanOf(multigram))}";
        return difference.IsClearlyAbove ? $"Heads of simple algorithms (previous-token, current-token, induction) lie below multigram heads: {means}, apart by {Difference(difference)}."
            : difference.IsClearlyBelow ? $"Heads of simple algorithms (previous-token, current-token, induction) do not lie below multigram heads but above: {means}, apart by {Difference(difference)}."
            : $"Heads of simple algorithms (previous-token, current-token, induction) cannot be told from multigram heads: {means}.";
    }

    private static string Earlier(StudyView view)
    {
        if (view.Boundaries.Count < 3 || view.ScoredSteps.Count < 2) return "";
        var counted = view.Study.Scores.Where(s => double.IsFinite(s.MemorisedMultigrams)).Select(s => s.Step).Distinct().Where(s => s < view.ScoredSteps[^1]);
        var step = counted.Intersect(view.Steps).DefaultIfEmpty(-1).MinBy(s => Math.Abs(s - view.Boundaries[2]));
        var early = step < 0 ? null : Correlations.Between(Points(view, step, step).Select(p => (p.Count, p.Rllc.Value)));
        return early is null ? "" : $"At step {Step(step)}, nearest to the end of the third stage, r is {early.Pearson}.";
    }
}
