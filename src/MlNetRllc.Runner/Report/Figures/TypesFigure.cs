using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Head types with their evidence.</summary>
internal sealed class TypesFigure : StudyFigure
{
    public override string Id => "types";

    public override string ShortName => "Head types";

    public override FigureText? Tell(StudyView view)
    {
        if (!view.HasTypes) return null;
        var groups = view.Types.GroupBy(t => t.Value).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal);
        var counts = $"Of {Count(view.Types.Count, "head")}, {Listed(groups.Select(Group))}.";
        var none = view.OfType("induction").Count == 0 ? "No induction head was found." : "";
        return new("Head types", Sentences(counts, none),
            Sentences(
                $"Types at step {Step(view.TypedStep)}, by rank and margin against the other heads; "
                + "a margin is how many times the lower quartile of the other heads' scores "
                + "(or even attention's score, where that is higher) a score is, "
                + "and 5 makes a head stand out unless the pipeline says otherwise.",
                counts,
                none));
    }

    private static string Group(IGrouping<string, KeyValuePair<string, string>> group)
    {
        var names = group.Key is "unclear" or "multigram" ? "" : $" ({Listed(group.Select(t => t.Key))})";
        return $"{group.Count()} {(group.Count() == 1 ? "is" : "are")} {group.Key}{names}";
    }
}
