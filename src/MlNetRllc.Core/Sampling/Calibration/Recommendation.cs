using System.Globalization;
using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Core.Sampling.Calibration;

/// <summary>Chooses among the settings of a calibration and says why.</summary>
/// <remarks>
/// <para>Where the share of the data is known (<see cref="DataShare"/>), the largest among the settings that are good otherwise
/// wins. Shares within its error of the largest count as equal to it, since a share hardly depends on the step size; of equal ones
/// that of the least cost is taken.</para>
/// <para>A setting's cost is the sum of how far it misses each wish, in units of that wish's tolerance,
/// averaged over the components: distance of the acceptance from its target, sensitivity to the
/// step size, spike beyond 1, share of negative draws. To it come the relative standard error in
/// units of 0.2 (which prefers settings that say something) and 3 for each share of components
/// whose status is not ok. Wishes that cannot be judged count as just missed. A setting at which a
/// chain diverged comes last. Of equal settings the first in the grid is taken.</para>
/// </remarks>
internal static class Recommendation
{
    private const double WantedRelativeError = 0.2, NotOk = 3, Diverged = 1e6;

    public static (int Setting, string Reason) Among(
        IReadOnlyList<SgldOptions> settings, IReadOnlyList<CalibrationRow[]> rows, CalibrationOptions options)
    {
        var shares = new DataShares(rows, [.. rows.Select(setting => IsGood(setting, options))]);
        var costs = rows.Select(setting => setting.Average(row => Cost(row, options))).ToArray();
        var best = shares.Largest.DefaultIfEmpty(Array.IndexOf(costs, costs.Min())).MinBy(setting => costs[setting]);
        return (best, $"{Reason(settings[best], rows[best], options)} {shares.Reason(best)}".TrimEnd());
    }

    private static double Cost(CalibrationRow row, CalibrationOptions options)
    {
        var estimate = row.Estimate;
        if (estimate.Status is RllcStatus.Diverged or RllcStatus.Failed) return Diverged;
        return Missed(Math.Abs(estimate.MalaAcceptance - options.TargetAcceptance), options.AcceptanceTolerance)
            + Missed(row.Sensitivity, options.FlatTolerance)
            + Missed(Math.Max(0, row.Spike - 1), options.SpikeTolerance - 1)
            + Missed(estimate.NegativeShare, options.NegativeTolerance)
            + Missed(estimate.RllcStdErr / Math.Abs(estimate.Rllc), WantedRelativeError)
            + (estimate.Status == RllcStatus.Ok ? 0 : NotOk);
    }

    /// <summary>Whether every wish that can be judged is met, and every component is ok.</summary>
    private static bool IsGood(CalibrationRow[] rows, CalibrationOptions options) =>
        rows.All(row => row.Estimate.Status == RllcStatus.Ok)
        && !(Math.Abs(Mean(rows, r => r.Estimate.MalaAcceptance) - options.TargetAcceptance) > options.AcceptanceTolerance)
        && !(Largest(rows, r => r.Sensitivity) > options.FlatTolerance)
        && Largest(rows, r => r.Spike) <= options.SpikeTolerance
        && Mean(rows, r => r.Estimate.NegativeShare) <= options.NegativeTolerance;

    private static double Missed(double value, double tolerance) =>
        double.IsNaN(value) ? 1 : Math.Min(100, value / Math.Max(tolerance, 1e-9));

    private static string Reason(SgldOptions setting, CalibrationRow[] rows, CalibrationOptions options)
    {
        var number = CultureInfo.InvariantCulture;
        var name = string.Create(number,
            $"Step size {setting.StepSize:g3}, nbeta {setting.NBeta:g4}, localization {setting.Localization:g4}");
        if (rows.FirstOrDefault(r => r.Estimate.Status is RllcStatus.Diverged or RllcStatus.Failed) is { } lost)
            return $"No setting keeps all chains finite; {name} is the least bad. "
                + $"{lost.Component}: {lost.Estimate.Reason} Try smaller step sizes.";

        List<string> good = [], faults = [];
        var acceptance = Mean(rows, r => r.Estimate.MalaAcceptance);
        if (double.IsNaN(acceptance)) good.Add($"the method {setting.Method} has no acceptance to judge by");
        else (Math.Abs(acceptance - options.TargetAcceptance) <= options.AcceptanceTolerance ? good : faults)
            .Add(string.Create(number, $"acceptance is {acceptance:f2} ({options.TargetAcceptance:f2} is wanted)"));
        var change = Largest(rows, r => r.Sensitivity);
        if (double.IsNaN(change)) faults.Add("no second step size to see whether the estimate hangs on it");
        else (change <= options.FlatTolerance ? good : faults).Add(change <= 0
            ? "no neighbouring step size changes an estimate by more than its error"
            : string.Create(number, $"a neighbouring step size changes an estimate by {change:p0} beyond its error"));
        var spike = Largest(rows, r => r.Spike);
        if (double.IsNaN(spike)) faults.Add("the losses do not rise above the baseline");
        else (spike <= options.SpikeTolerance ? good : faults).Add(spike <= options.SpikeTolerance
            ? "the losses level off without a spike"
            : string.Create(number, $"the losses overshoot their level by a factor of {spike:g3}"));
        var negatives = Mean(rows, r => r.Estimate.NegativeShare);
        (negatives <= options.NegativeTolerance ? good : faults)
            .Add(string.Create(number, $"{negatives:p0} of the draws lie below the baseline"));
        foreach (var row in rows.Where(r => r.Estimate.Status != RllcStatus.Ok))
            faults.Add($"{row.Component}: {row.Estimate.Reason.TrimEnd('.')}");

        var praise = good.Count == 0 ? "" : $" {Sentence(good)}";
        if (faults.Count == 0) return $"{name}:{praise}";
        return $"No setting is without fault; {name} is the best:{praise} "
            + $"But: {Sentence(faults)}{Remedy(acceptance, options)}";
    }

    private static string Remedy(double acceptance, CalibrationOptions options) =>
        acceptance < options.TargetAcceptance - options.AcceptanceTolerance ? " Try smaller step sizes, with more draws."
        : acceptance > options.TargetAcceptance + options.AcceptanceTolerance ? " Try larger step sizes, or more draws." : "";

    private static string Sentence(List<string> parts) => $"{string.Join("; ", parts)}.";

    private static double Mean(CalibrationRow[] rows, Func<CalibrationRow, double> value) =>
        rows.Select(value).Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Average();

    private static double Largest(CalibrationRow[] rows, Func<CalibrationRow, double> value) =>
        rows.Select(value).Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Max();
}
