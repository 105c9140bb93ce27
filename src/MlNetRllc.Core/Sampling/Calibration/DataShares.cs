using System.Globalization;
using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Core.Sampling.Calibration;

/// <summary>The shares of the data at the settings of a calibration, and what follows from them.</summary>
internal sealed class DataShares
{
    /// <summary>A share below which the estimate is the pull's: a direction's own is nbeta a / (nbeta a + gamma), so nbeta times the
    /// curvature is a ninth of gamma there.</summary>
    private const double OfThePull = 0.1;

    private readonly DataShare[] shares;
    private readonly int[] usable;

    /// <summary>Takes the means over components.</summary>
    /// <param name="rows">[setting][component].</param>
    /// <param name="good">Whether a setting is good but for its share, [setting].</param>
    public DataShares(IReadOnlyList<CalibrationRow[]> rows, IReadOnlyList<bool> good)
    {
        shares = [.. rows.Select(Mean)];
        usable = [.. Enumerable.Range(0, rows.Count).Where(s => good[s] && IsKnown(s))];
        if (usable.Length == 0) return;
        var top = shares[usable.MaxBy(s => shares[s].Value)];
        Largest = [.. usable.Where(s => shares[s].Value >= top.Value - top.StdErr)];
    }

    /// <summary>The good settings whose share is the largest, or within its error of it; none where no share is
    /// known.</summary>
    public IReadOnlyList<int> Largest { get; } = [];

    /// <summary>What the shares say of a setting, in plain words; empty where none is known.</summary>
    public string Reason(int setting)
    {
        var known = Enumerable.Range(0, shares.Length).Where(IsKnown).Select(s => shares[s].Value).ToList();
        if (known.Count == 0) return "";
        if (known.Max() < OfThePull)
            return Said($"The pull (the prior), not the data, sets the estimate at every setting: the largest share of the data is ")
                + Said($"{known.Max():g2}, where 1 is the data alone. Try smaller localizations or a larger nbeta.");
        if (!IsKnown(setting)) return "Its share of the data is not known.";
        var own = Said($"Its share of the data is {shares[setting].Value:f2} \u00b1 {shares[setting].StdErr:f2}");
        if (usable.Length == 0) return $"{own}; a share decides among settings that are good otherwise.";
        var place = Largest.Count == 1 ? "the largest" : "within its error of the largest";
        return $"{own}, {place} of {usable.Length} {(usable.Length == 1 ? "setting that is" : "settings that are")} good otherwise"
            + (shares[setting].Value < OfThePull ? ": the pull (the prior), not the data, sets the estimate there." : ".");
    }

    private bool IsKnown(int setting) => double.IsFinite(shares[setting].Value) && double.IsFinite(shares[setting].StdErr);

    // The components share minibatches, so the mean of their errors stands for the error of their mean: it is no smaller.
    private static DataShare Mean(CalibrationRow[] rows)
    {
        List<DataShare> known = [.. rows.Select(r => r.DataShare).Where(s => double.IsFinite(s.Value) && double.IsFinite(s.StdErr))];
        return known.Count == 0 ? DataShare.Unknown : new(known.Average(s => s.Value), known.Average(s => s.StdErr));
    }

    private static string Said(FormattableString part) => part.ToString(CultureInfo.InvariantCulture);
}
