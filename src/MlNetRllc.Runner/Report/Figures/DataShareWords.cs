using MlNetRllc.Estimation;
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Who set the estimates, the data or the pull towards the trained weights, in words.</summary>
internal static class DataShareWords
{
    /// <summary>Below the first the pull sets nearly all, from the second on the data do.</summary>
    private const double Little = 0.1, Much = 0.9;

    /// <summary>A sentence on the heads at the last checkpoint; empty where no share was estimated.</summary>
    public static string Tell(StudyReport study)
    {
        var known = study.Patterns.Where(r => !ProfileWords.IsOfPattern(r) && double.IsFinite(r.DataShare)).ToList();
        if (known.Count == 0) return "";
        var last = known.Max(r => r.Step);
        var rows = known.Where(r => r.Step == last).ToList();
        var (low, high) = (rows.MinBy(r => r.DataShare)!, rows.MaxBy(r => r.DataShare)!);
        var heads = rows.Select(r => r.Component).Distinct().Count();
        var range = heads == 1 && rows.Count == 1
            ? $"is {Share(low)} for {low.Component}"
            : $"lies between {Share(low)} ({low.Component}) and {Share(high)} ({high.Component}) over {Count(heads, "head")}";
        return "The share of the data in these estimates, 100 % where the data set them and near 0 where the prior does, "
            + $"the pull towards the trained weights, {range} at step {Step(last)}: {Verdict(low.DataShare, high.DataShare)}.";
    }

    private static string Share(PatternRllcRow row) => $"{WithError(100 * row.DataShare, 100 * row.DataShareStdErr)} %";

    private static string Verdict(double low, double high)
    {
        const string compare = "compare heads and patterns by them, and do not read them as absolute dimensions";
        if (high < Little) return $"the prior sets nearly all of their size; {compare}";
        return low >= Much ? "the data set them" : $"the prior has a part in their size; {compare}";
    }
}
