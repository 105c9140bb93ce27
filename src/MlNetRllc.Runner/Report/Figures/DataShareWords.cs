using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Who set the estimates, the data or the pull towards the trained weights, in words.</summary>
internal static class DataShareWords
{
    /// <summary>Below the first the pull sets nearly all, from the second on the data do.</summary>
    private const double Little = 0.1, Much = 0.9;

    private readonly record struct Share(
        int Step, string Component, string Dataset, ValueWithError Value)
    {
        public override string ToString() => $"{WithError(100 * Value.Value, 100 * Value.StdErr)} %";
    }

    /// <summary>A sentence on the heads at the last checkpoint; empty where no share was estimated.</summary>
    public static string Tell(StudyReport study)
    {
        var known = Known(study.Rllc.Select(r => new Share(r.Step, r.Component, r.Dataset, new(r.DataShare, r.DataShareStdErr))));
        if (known.Count == 0)
            known = Known(study.Patterns
                .Where(r => !ProfileWords.IsOfPattern(r))
                .Select(r => new Share(r.Step, r.Component, r.Dataset, new(r.DataShare, r.DataShareStdErr))));
        if (known.Count == 0) return "";
        var (last, dataset) = (known.Max(s => s.Step), known[0].Dataset);
        var shares = known.Where(s => s.Step == last && s.Dataset == dataset).ToList();
        if (shares.Count == 0) return "";
        var on = known.Exists(s => s.Dataset != dataset) ? $", sampled on {dataset}" : "";
        var (low, high) = (shares.MinBy(s => s.Value.Value), shares.MaxBy(s => s.Value.Value));
        var range = shares.Count == 1
            ? $"is {low} for {low.Component}"
            : $"lies between {low} ({low.Component}) and {high} ({high.Component})";
        return "The share of the data in the estimates, 100 % where the data set them and near 0 where the prior does, "
            + $"the pull towards the trained weights, {range} at step {Step(last)}{on}: {Verdict(low.Value.Value, high.Value.Value)}.";
    }

    /// <summary>Those of heads; of whatever was sampled where no head was.</summary>
    private static List<Share> Known(IEnumerable<Share> shares)
    {
        var known = shares
            .Where(s => double.IsFinite(s.Value.Value) && double.IsFinite(s.Value.StdErr))
            .ToList();
        var heads = known.Where(s => StudyView.LayerOf(s.Component) >= 0).ToList();
        return heads.Count > 0 ? heads : known;
    }

    private static string Verdict(double low, double high)
    {
        const string compare = "compare heads and patterns by them, and do not read them as absolute dimensions";
        if (high < Little) return $"the prior sets nearly all of their size; {compare}";
        return low >= Much ? "the data set them" : $"the prior has a part in their size; {compare}";
    }
}
