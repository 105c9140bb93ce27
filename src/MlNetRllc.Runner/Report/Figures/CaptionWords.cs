using System.Globalization;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Numbers and lists as captions write them.</summary>
internal static class CaptionWords
{
    // What lies outside is written with a power of ten.
    private const double SmallestPlain = 1e-3, LargestPlain = 1e5;

    /// <summary>Three significant figures, with a true minus sign.</summary>
    public static string Number(double value, int digits = 3)
    {
        if (!double.IsFinite(value)) return "n/a";
        if (value == 0) return "0";
        var size = Math.Abs(value);
        var text = size is >= LargestPlain or < SmallestPlain
            ? value.ToString($"0.{new string('0', digits - 1)}e0", CultureInfo.InvariantCulture)
            : value.ToString("F" + DecimalsFor(size, digits), CultureInfo.InvariantCulture);
        return text.Replace('-', '\u2212');
    }

    /// <summary>The error to two figures and the value to as many decimals, as "0.173 ± 0.045".</summary>
    public static string WithError(double value, double error)
    {
        if (!double.IsFinite(value) || !double.IsFinite(error)) return Number(value);
        if (error is < SmallestPlain or >= LargestPlain || Math.Abs(value) >= LargestPlain)
            return $"{Number(value)} \u00b1 {Number(error, 2)}";
        var decimals = "F" + Math.Max(0, 1 - (int)Math.Floor(Math.Log10(error)));
        return $"{Plain(value, decimals).Replace('-', '\u2212')} \u00b1 {Plain(error, decimals)}";
    }

    private static string Plain(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static int DecimalsFor(double size, int digits) =>
        Math.Max(0, size >= 100 ? 0 : digits - 1 - (int)Math.Floor(Math.Log10(size)));

    public static string WithError(ValueWithError estimate) => WithError(estimate.Value, estimate.StdErr);

    public static string Step(double step) => Math.Round(step).ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => (100 * share).ToString("F0", CultureInfo.InvariantCulture) + " %";

    public static string Listed(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count < 2 ? string.Concat(all) : string.Join(", ", all[..^1]) + " and " + all[^1];
    }

    public static string Count(int n, string one, string? many = null) => $"{n} {(n == 1 ? one : many ?? one + "s")}";

    /// <summary>A difference, as "0.40 ± 0.10 (4.0 standard errors)".</summary>
    public static string Difference(ValueWithError difference) => double.IsFinite(difference.StandardErrors)
        ? $"{WithError(difference with { Value = Math.Abs(difference.Value) })} "
            + $"({Number(Math.Abs(difference.StandardErrors), 2)} standard errors)"
        : Number(Math.Abs(difference.Value));

    /// <summary>Sentences joined by spaces; empty ones are left out.</summary>
    public static string Sentences(params IEnumerable<string?> sentences) =>
        string.Join(' ', sentences.Where(s => !string.IsNullOrWhiteSpace(s)));
}
