using MlNetRllc.Core.Estimation;
using MlNetRllc.Estimation;
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Profiles of heads, as figures choose and name them.</summary>
internal static class ProfileWords
{
    /// <summary>False ones among those that are called out, at most.</summary>
    public const double ClearQ = 0.05;

    /// <summary>Whether a row is of a pattern, and not of the whole set, whose profile is 1 always.</summary>
    public static bool IsOfPattern(PatternRllcRow row) => row.Pattern != ProbeTrace.WholeSet;

    /// <summary>Whether the profile differs from 1, with regard to all others of the table; of one whose status is not ok nothing is
    /// stated.</summary>
    public static bool IsClear(PatternRllcRow row) =>
        IsOfPattern(row) && double.IsFinite(row.Profile) && row.QValue < ClearQ && row.Status == RllcStatus.Ok.ToWord();

    /// <summary>The profile with both errors together; a missing error of the texts counts for nothing.</summary>
    public static ValueWithError ProfileOf(PatternRllcRow row)
    {
        var texts = double.IsFinite(row.ProfileTextStdErr) ? row.ProfileTextStdErr : 0;
        return new(row.Profile, double.Hypot(row.ProfileStdErr, texts));
    }

    /// <summary>Why there is no profile; empty where there is one.</summary>
    public static string WhyMissing(PatternRllcRow row) => row switch
    {
        { Profile: var profile } when double.IsFinite(profile) => "",
        { Tokens: 0 } => "no token of the probe set has the pattern",
        { Rllc: var rllc } when double.IsFinite(rllc) => "the head\u2019s own value for the whole set cannot be told from 0",
        _ => $"the estimate has status {row.Status}",
    };

    /// <summary>Such as "inductionNew of natural".</summary>
    public static string Named(PatternRllcRow row) => $"{row.Pattern} of {row.Probe}";

    /// <summary>How many profiles are missing, and why; empty where none is.</summary>
    public static string Missing(IReadOnlyCollection<PatternRllcRow> rows)
    {
        var reasons = rows.Select(WhyMissing).Where(w => w.Length > 0).CountBy(w => w).OrderByDescending(w => w.Value).ToList();
        if (reasons.Count == 0) return "None is missing.";
        var all = reasons.Sum(r => r.Value);
        var why = reasons.Count == 1 ? reasons[0].Key : string.Join("; ", reasons.Select(r => $"{r.Value} since {r.Key}"));
        return $"{Count(all, "profile")} {(all == 1 ? "is" : "are")} missing{(reasons.Count == 1 ? $", since {why}." : $": {why}.")}";
    }
}
