
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Where chosen heads look on example texts.</summary>
internal sealed class AttentionFigure : StudyFigure
{
    public override string Id => "attention";

    public override string ShortName => "Attention";

    public override FigureText? Tell(StudyView view)
    {
        var heads = ShownHeads.Find(view, h => h.Attention.Count > 1);
        if (heads.Count == 0) return null;
        var told = heads.Select(h =>
        {
            var rows = h.Examples.SelectMany(e => e.Attention.Skip(1)).ToList();
            return (h.Name, Before: rows.Average(r => r[^2]), Itself: rows.Average(r => r[^1]));
        }).ToList();
        var (before, itself) = (told.MaxBy(t => t.Before), told.MaxBy(t => t.Itself));
        var texts = view.Study.Examples.Count == 1 ? "text" : "texts";
        return new("Where heads look", "",
            Sentences(
                $"On the example {texts} {before.Name} looks most at the token before "
                + $"({Percent(before.Before)} of its attention on the mean) "
                + $"and {itself.Name} most at the token itself ({Percent(itself.Itself)}).",
                "Point at a token, or move to it by keyboard, to see where the chosen head looks from there: "
                + "the darker a token, the more attention it gets. These are examples, not a sample to infer from."));
    }
}
