using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>The rLLC on the training text and on other texts, side by side.</summary>
internal sealed class TextsFigure : StudyFigure
{
    public override string Id => "texts";

    public override string ShortName => "Texts";

    public override FigureText? Tell(StudyView view)
    {
        var others = view.Datasets.Where(d => d != view.TrainingText).ToList();
        if (others.Count == 0) return null;
        var told = others.Select(o => Compared(view, o)).ToList();
        var counted = others.Select(o => Counted(view, o));
        var errors = view.Joint.AreJoint
            ? "those of differences and means count what heads and texts share"
            : "differences and means take errors as independent";
        return new($"The same head on {Listed([view.TrainingText, .. others])}", Sentences(told),
            Sentences(counted.Concat(told).Concat(LeftOut(view, [view.TrainingText, .. others])).Append(
                $"Thick lines are induction heads, where there are any. Bands and bars are one standard error; {errors}.")));
    }

    private static string Counted(StudyView view, string other)
    {
        var changes = view.Heads.Select(h => Change(view, h, other)).Where(c => double.IsFinite(c.Value)).ToList();
        return changes.Count == 0 ? "" : $"At step {Step(view.LastStep)}, {changes.Count(c => c.IsClearlyAbove)} of {changes.Count} heads "
            + $"are clearly higher on {other} than on {view.TrainingText}, and {changes.Count(c => c.IsClearlyBelow)} clearly lower.";
    }

    /// <summary>How many estimates are not ok, text by text.</summary>
    private static IEnumerable<string> LeftOut(StudyView view, IEnumerable<string> texts) =>
        texts.Select(text => view.LeftOut(view.Heads, text));

    /// <summary>Final rLLC on another text minus that on the training text.</summary>
    private static ValueWithError Change(StudyView view, string head, string other) => Mean(view, [head], other);

    /// <summary>The same for the mean of some heads.</summary>
    private static ValueWithError Mean(StudyView view, IReadOnlyCollection<string> heads, string other)
    {
        var mean = view.Joint.MeanDifference(heads, other, view.TrainingText);
        return new(mean.Value, mean.StdErr);
    }

    private static string Compared(StudyView view, string other)
    {
        var changes = view.Heads
            .Select(h => (Name: h, Change: Change(view, h, other)))
            .Where(c => double.IsFinite(c.Change.Value))
            .ToList();
        if (2 * changes.Count < view.Heads.Count)
            return $"{view.TrainingText} and {other} are not comparable: {changes.Count} of {Count(view.Heads.Count, "head")} "
                + $"{(changes.Count == 1 ? "has" : "have")} estimates that are ok on both.";
        var largest = changes.MaxBy(c => double.IsFinite(c.Change.StandardErrors) ? Math.Abs(c.Change.StandardErrors) : -1);
        var way = largest.Change.Value > 0 ? "higher" : "lower";
        var extreme = $"{largest.Name} differs most: {Difference(largest.Change)} {way} on {other}.";
        if (!view.HasTypes) return extreme;
        var induction = changes.Where(c => view.TypeOf(c.Name) == "induction").ToList();
        if (induction.Count == 0)
            return $"No head was classified as induction, so it cannot be told whether induction heads rise on {other}. " + extreme;
        var mean = Mean(view, [.. induction.Select(c => c.Name)], other);
        var rest = Mean(view, [.. changes.Select(c => c.Name).Except(induction.Select(c => c.Name))], other);
        var names = $"The rLLC of the induction {Heads(induction.Count)} {Listed(induction.Select(c => c.Name))}";
        var text = view.TrainingText;
        var first = mean.IsClearlyAbove ? $"{names} is higher on {other} than on {text} by {Difference(mean)}"
            : mean.IsClearlyBelow ? $"{names} is not higher but lower on {other} than on {text}, by {Difference(mean)}"
            : $"{names} on {other} does not differ clearly from that on {text}: "
                + $"{(mean.Value < 0 ? "lower" : "higher")} by {Difference(mean)}";
        return first + (double.IsFinite(rest.Value) ? $"; all other heads change by {WithError(rest)} on the mean." : ".");
    }

    private static string Heads(int count) => count == 1 ? "head" : "heads";
}
