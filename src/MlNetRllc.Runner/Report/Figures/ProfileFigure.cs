using MlNetRllc.Estimation;
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>The profile of one head over training, a line a pattern.</summary>
internal sealed class ProfileFigure : StudyFigure
{
    public override string Id => "profiles";

    public override string ShortName => "Profiles";

    /// <summary>Whether there is a course to draw: profiles at two checkpoints.</summary>
    public static bool IsShown(StudyReport study) =>
        study.Patterns.Where(r => ProfileWords.IsOfPattern(r) && double.IsFinite(r.Profile)).Select(r => r.Step).Distinct().Skip(1).Any();

    public override FigureText? Tell(StudyView view)
    {
        if (!IsShown(view.Study)) return null;
        var known = view.Study.Patterns.Where(r => ProfileWords.IsOfPattern(r) && double.IsFinite(r.Profile)).ToList();
        var last = known.Max(r => r.Step);
        var final = known.Where(r => r.Step == last).ToList();
        // The page begins on the first probe set and the training text, where they have profiles.
        var first = final.MaxBy(r => (
            r.Dataset == view.TrainingText, r.Probe == view.Study.Patterns[0].Probe, ProfileWords.IsClear(r), Math.Abs(r.Profile - 1)))!;
        var finding = ProfileWords.IsClear(first) ? Onset(first, known) : "";
        return new("A head\u2019s profile over training", finding,
            Sentences(
                finding,
                "Lines are patterns of the chosen head: at first those of the smallest q at the last checkpoint; choose others below. "
                + "Bands are one standard error, of the chains and of the texts together; "
                + "hollow points have a q of 0.05 or more, or a status other than ok."))
        {
            Data = new { first.Component, first.Dataset, first.Probe },
        };
    }

    /// <summary>Since when a profile lies clearly on the side of 1 on which it ends.</summary>
    private static string Onset(PatternRllcRow end, List<PatternRllcRow> known)
    {
        var course = known.Where(r => (r.Component, r.Dataset, r.Probe, r.Pattern) == (end.Component, end.Dataset, end.Probe, end.Pattern))
            .OrderByDescending(r => r.Step).ToList();
        var since = course.TakeWhile(r => ProfileWords.IsClear(r) && r.Profile > 1 == end.Profile > 1).Last();
        var side = end.Profile > 1 ? "above" : "below";
        var value = WithError(ProfileWords.ProfileOf(end));
        var begin = $"The profile of {end.Component} on {ProfileWords.Named(end)} "
            + $"lies {side} 1 at q < 0.05";
        if (course.Count == 1) return $"{begin} at step {Step(since.Step)}: {value}.";
        var from = since.Step == course[^1].Step
            ? $"at every checkpoint from step {Step(since.Step)}"
            : $"from step {Step(since.Step)} on";
        return $"{begin} {from}, and ends at {value}.";
    }
}
