using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>The coefficient of all weights over many datasets.</summary>
internal sealed class DatasetsFigure : StudyFigure
{
    public override string Id => "datasets";

    public override string ShortName => "Datasets";

    public override FigureText? Tell(StudyView view)
    {
        var rows = view.Study.Datasets;
        if (rows.Count == 0) return null;
        var last = rows.Max(r => r.Step);
        var final = rows
            .Where(r => r.Step == last && r.IsOk)
            .OrderByDescending(r => r.Rllc)
            .Select(r => (r.Dataset, r.Component, Value: new ValueWithError(r.Rllc, r.RllcStdErr)))
            .ToList();
        const string title = "The whole model on many datasets";
        var marks = Sentences("Dots are the last checkpoint with bars of one standard error; a hollow dot marks a status that is not ok.",
            StudyView.LeftOut([.. rows.Where(r => r.Step == last)], $"at step {Step(last)}"));
        if (final.Count == 0) return new(title, "", $"No estimate at the last checkpoint is ok. {marks}");
        if (final.Count == 1)
            return new(title, "", $"The coefficient on {final[0].Dataset} is {WithError(final[0].Value)} at step {Step(last)}. {marks}");
        var (top, low) = (final[0], final[^1]);
        var apart = top.Value - low.Value;
        var finding = $"With all weights sampled, the coefficient at step {Step(last)} "
            + $"is highest on {top.Dataset} ({WithError(top.Value)}) and lowest on {low.Dataset} ({WithError(low.Value)}), "
            + (apart.IsClearlyAbove ? $"{Difference(apart)} apart." : "which their errors do not tell apart.");
        var home = final.FindIndex(f => f.Dataset == view.Study.TrainingText);
        var place = "";
        if (home >= 0)
        {
            var below = final.Count(f => (final[home].Value - f.Value).IsClearlyAbove);
            var above = final.Count(f => (f.Value - final[home].Value).IsClearlyAbove);
            place = $"The training text, {view.TrainingText}, is number {home + 1} of {final.Count}; "
                + $"{Count(below, "dataset")} lie clearly below it and {above} clearly above.";
        }
        return new(title, finding, Sentences(finding, place, marks));
    }
}
