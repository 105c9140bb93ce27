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
        var marks = "Each point is a head, its bar one standard error of the rLLC. "
            + "Brackets hold 95 % intervals over heads, which treat heads as independent.";
        if (Correlations.Between(points.Select(p => (p.Count, p.Rllc.Value))) is not { } found)
            return new(title, "", $"The {Count(points.Count, "head")} with both numbers do not vary enough for a correlation. {marks}");
        var verdict = found.Pearson.IsClear
            ? $"heads that memorised more multigrams have a {(found.Pearson.Value > 0 ? "higher" : "lower")} rLLC"
            : "no correlation can be stated at this number of heads";
        var finding = $"Final rLLC and memorised multigrams: Pearson r = {found.Pearson}, Spearman {found.Spearman}, "
            + $"n = {found.Count}; {verdict}.";
        var rise = WithError(100 * found.Slope.Value, 100 * found.Slope.StdErr);
        var line = $"The line of least squares rises by {rise} in rLLC per 100 multigrams.";
        return new(title, finding, Sentences(
            finding, line, Simple(view), Earlier(view), view.LeftOut(view.Heads, view.TrainingText), marks))
        {
            Data = new { found.Intercept, Slope = found.Slope.Value, From = points.Min(p => p.Count), To = points.Max(p => p.Count) },
        };
    }

    private static List<MultigramPoint> Points(StudyView view, int scored, int sampled)
    {
        List<MultigramPoint> points = [];
        foreach (var score in view.ScoresAt(scored).Where(s => double.IsFinite(s.MemorisedMultigrams)))
        {
            var rllc = view.Known(sampled, score.Component, view.TrainingText);
            if (double.IsFinite(rllc.Value)) points.Add(new(score.Component, score.MemorisedMultigrams, rllc));
        }
        return points;
    }

    private static bool IsSimple(string type) => type is "induction" or "previous-token" or "current-token";

    private static List<double> FinalOf(StudyView view, Func<string, bool> hasType) =>
    [
        .. view.Heads.Where(h => hasType(view.TypeOf(h)))
            .Select(h => view.Final(h, view.TrainingText).Value)
            .Where(double.IsFinite),
    ];

    /// <summary>Whether heads of a simple algorithm lie below multigram heads.</summary>
    private static string Simple(StudyView view)
    {
        const string simpleHeads = "Heads of simple algorithms (previous-token, current-token, induction)";
        var simple = FinalOf(view, IsSimple);
        var multigram = FinalOf(view, t => t == "multigram");
        if (simple.Count < 2 || multigram.Count < 2)
            return view.HasTypes ? "There are too few heads of simple algorithms, or of multigrams, to compare the two." : "";
        var difference = ValueWithError.MeanOf(multigram) - ValueWithError.MeanOf(simple);
        var means = $"{WithError(ValueWithError.MeanOf(simple))} against {WithError(ValueWithError.MeanOf(multigram))}";
        return difference.IsClearlyAbove
            ? $"{simpleHeads} lie below multigram heads: {means}, apart by {Difference(difference)}."
            : difference.IsClearlyBelow
            ? $"{simpleHeads} do not lie below multigram heads but above: {means}, apart by {Difference(difference)}."
            : $"{simpleHeads} cannot be told from multigram heads: {means}.";
    }

    private static string Earlier(StudyView view)
    {
        if (view.Boundaries.Count < 3 || view.ScoredSteps.Count < 2) return "";
        var counted = view.Study.Scores
            .Where(s => double.IsFinite(s.MemorisedMultigrams))
            .Select(s => s.Step).Distinct()
            .Where(s => s < view.ScoredSteps[^1]);
        var step = counted.Intersect(view.Steps).DefaultIfEmpty(-1).MinBy(s => Math.Abs(s - view.Boundaries[2]));
        var early = step < 0 ? null : Correlations.Between(Points(view, step, step).Select(p => (p.Count, p.Rllc.Value)));
        return early is null ? "" : $"At step {Step(step)}, nearest to the end of the third stage, r is {early.Pearson}.";
    }

    private sealed record MultigramPoint(string Name, double Count, ValueWithError Rllc);
}
