using MlNetRllc.Runner.Tables;
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Traces of the Hessian and of the Fisher information beside the rLLC.</summary>
internal sealed class CurvatureFigure : StudyFigure
{
    public override string Id => "curvature";

    public override string ShortName => "Curvature";

    public override FigureText? Tell(StudyView view)
    {
        var rows = view.FinalScores;
        var hessian = Against(view, rows, "Hessian", r => r.HessianTrace);
        var fisher = Against(view, rows, "Fisher", r => r.FisherTrace);
        var told = new[] { hessian, fisher }.OfType<string>().ToList();
        return told.Count == 0 ? null : new("Curvature traces beside the rLLC", told[0],
            Sentences([
                .. told,
                view.LeftOut(rows.Select(r => r.Component), view.TrainingText),
                "Brackets hold 95 % intervals over heads. Bands are one standard error. "
                + "A trace sums the curvature of all directions, the rLLC counts those that matter at the scale that is sampled; "
                + "they need not agree.",
            ]));
    }

    private static string? Against(StudyView view, IReadOnlyList<HeadScoreRow> rows, string name, Func<HeadScoreRow, double> trace)
    {
        if (!rows.Any(r => double.IsFinite(trace(r)))) return null;
        var found = Correlations.Between(rows.Select(r => (trace(r), view.Final(r.Component, view.TrainingText).Value)));
        if (found is null) return $"There are too few heads to compare the {name} trace with the rLLC.";
        return $"At the end the ranks of heads by {name} trace and by rLLC correlate with {found.Spearman} (Spearman, n = {found.Count})"
            + (found.Spearman.IsClear ? "." : ", which is no clear relation.");
    }
}
