using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Ablation of single paths between layers.</summary>
internal sealed class PathsFigure : StudyFigure
{
    public override string Id => "paths";

    public override string ShortName => "Paths";

    public override FigureText? Tell(StudyView view)
    {
        var pairs = CompositionFigure.Pairs(view.FinalScores, r => r.PathAblation);
        if (pairs.Count == 0) return null;
        var best = pairs.MaxBy(p => p.Value);
        var share = pairs.Where(p => p.Value > 0).Sum(p => p.Value);
        var finding = best.Value > 0
            ? $"Of all paths between two heads, cutting {best} costs most: {Number(best.Value)} nats per token, "
                + $"{Percent(best.Value / share)} of what the paths cost that cost anything."
            : "No path between two heads raises the loss when it is cut.";
        return new("Loss without one path between two heads", finding,
            Sentences(
                finding,
                $"Left: every path at step {Step(view.ScoredSteps[^1])}. Right: the paths that cost most then, over training. "
                + "No error is known for paths; changes of the size of the smallest ones are not to be trusted."));
    }
}
