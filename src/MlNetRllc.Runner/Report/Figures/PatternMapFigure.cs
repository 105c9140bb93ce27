using MlNetRllc.Estimation;
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Heads against patterns of tokens: where a head matters more than it does everywhere.</summary>
internal sealed class PatternMapFigure : StudyFigure
{
    public override string Id => "patterns";

    public override string ShortName => "Patterns";

    public override FigureText? Tell(StudyView view)
    {
        if (view.Study.Patterns.Count == 0) return null;
        var last = view.Study.Patterns.Max(r => r.Step);
        // The figure shows one sampled dataset at a time, at first this one.
        var dataset = view.Study.Patterns[0].Dataset;
        var cells = view.Study.Patterns
            .Where(r => r.Step == last && r.Dataset == dataset && ProfileWords.IsOfPattern(r)).ToList();
        var on = view.Study.Patterns.Any(r => r.Dataset != dataset)
            ? $", sampled on {dataset}" : "";
        var counted = Counted(cells, last, on);
        return new("Which tokens each head answers to", counted,
            Sentences(
                "A head\u2019s profile is its rLLC observed on the tokens of a pattern over that on the whole probe set: "
                + "1 where it matters as it does everywhere, above 1 where it matters more, below 0 where it works against the pattern.",
                counted,
                cells.Count > 0 ? ProfileWords.Missing(cells) : "",
                DataShareWords.Tell(view.Study),
                "q is the p-value of a profile of 1, both errors together, corrected for all cells of the table (Benjamini and Hochberg). "
                + "Pale cells have a q of 0.05 or more, hatched ones are missing, dashed frames mark a status other than ok. "
                + "The first column is the rLLC on the whole set; at the head of each column stands its number of tokens. "
                + "Click a pattern to order the heads of each layer by it"
                + (ProfileFigure.IsShown(view.Study) ? ", a head to see its profile over training." : ".")));
    }

    private static string Counted(List<PatternRllcRow> cells, int step, string on)
    {
        var known = cells.Count(r => double.IsFinite(r.Profile));
        if (known == 0) return $"No profile could be estimated at step {Step(step)}{on}.";
        var clear = cells.Where(ProfileWords.IsClear).ToList();
        var differ = known == 1 ? "differs" : "differ";
        var begin = $"At step {Step(step)}{on}, {clear.Count} of {Count(known, "profile")} {differ} from 1 at q < 0.05";
        var (above, below) = (clear.Where(r => r.Profile > 1).ToList(), clear.Where(r => r.Profile < 1).ToList());
        string[] ends =
        [
            .. above.Count > 0 ? [$"the highest is that of {Told(above.MaxBy(r => r.Profile)!)}"] : (string[])[],
            .. below.Count > 0 ? [$"the lowest that of {Told(below.MinBy(r => r.Profile)!)}"] : (string[])[],
        ];
        return string.Join("; ", [begin, .. ends.Length > 0 ? [string.Join(" and ", ends)] : (string[])[]]) + ".";
    }

    private static string Told(PatternRllcRow row) =>
        $"{row.Component} on {ProfileWords.Named(row)}, {WithError(ProfileWords.ProfileOf(row))}";
}
