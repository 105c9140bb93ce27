using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Attention and loss changes of chosen heads on example texts.</summary>
internal static class ExampleFigures
{
    public static ReportFigure? Attention(StudyView view)
    {
        var heads = Heads(view, h => h.Attention.Count > 1);
        if (heads.Count == 0) return null;
        var told = heads.Select(h =>
        {
            var rows = h.Examples.SelectMany(e => e.Attention.Skip(1)).ToList();
            return (h.Name, Before: rows.Average(r => r[^2]), Itself: rows.Average(r => r[^1]));
        }).ToList();
        var (before, itself) = (told.MaxBy(t => t.Before), told.MaxBy(t => t.Itself));
        return new("attention", "Where heads look", "",
            Sentences($"On the example {(view.Study.Examples.Count == 1 ? "text" : "texts")} {before.Name} looks most at the token before ({Percent(before.Before)} of its attention on the mean) and {itself.Name} most at the token itself ({Percent(itself.Itself)}).",
                "Point at a token, or move to it by keyboard, to see where the chosen head looks from there: the darker a token, the more attention it gets. These are examples, not a sample to infer from."));
    }

    public static ReportFigure? LossChange(StudyView view)
    {
        var heads = Heads(view, h => h.LossChange.Any(double.IsFinite));
        if (heads.Count == 0) return null;
        var told = heads.Select(h => (h.Name, Mean: ValueWithError.MeanOf([.. h.Examples.SelectMany(e => e.LossChange).Where(double.IsFinite)]))).OrderByDescending(t => t.Mean.Value).ToList();
        return new("losses", "Which tokens need a head", "",
            Sentences($"On the example {(view.Study.Examples.Count == 1 ? "text" : "texts")} ablating {told[0].Name} costs most, {WithError(told[0].Mean)} nats per token{(told.Count > 1 ? $", and {told[^1].Name} least, {WithError(told[^1].Mean)}" : "")} (standard error over tokens).",
                "Orange: the token's loss rises without the head, so the head helps there. Blue: it falls. Point at a token for its value."));
    }

    private static List<(string Name, List<ReportExampleHead> Examples)> Heads(StudyView view, Func<ReportExampleHead, bool> fit) =>
        [.. view.Study.Examples.SelectMany(e => e.Heads).Where(fit).GroupBy(h => h.Component).Select(g => (g.Key, g.ToList()))];
}
