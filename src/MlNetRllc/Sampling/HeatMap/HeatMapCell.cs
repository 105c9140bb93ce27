using System.Globalization;
using System.Xml.Linq;

namespace MlNetRllc.Sampling.HeatMap;

/// <summary>Draws one setting of one component: a rectangle with the estimate, its error and the acceptance.</summary>
internal static class HeatMapCell
{
    public const int Width = 104, Height = 78;
    private const int Line = 15;
    private static readonly CultureInfo Number = CultureInfo.InvariantCulture;

    /// <summary>The cell with its left upper corner at (x, y), pixels.</summary>
    public static XElement Draw(CalibrationTableRow row, int x, int y, ColourScale? scale)
    {
        var fine = row.Status == "ok" && double.IsFinite(row.Rllc);
        var colour = scale is not null && double.IsFinite(row.Rllc) ? scale.At(row.Rllc) : default((byte, byte, byte)?);
        string[] classes = ["cell", fine ? "" : "faulty", row.Recommended ? "recommended" : ""];
        var cell = new XElement("g",
            new XAttribute("class", string.Join(' ', classes.Where(c => c.Length > 0))),
            new XElement("title", Safe(Told(row))));
        if (fine && colour is { } filled)
            cell.Add(Box(x + 1, y + 1, Width - 2, Height - 2, new XAttribute("fill", ColourScale.Html(filled))));
        else
        {
            // Hollow: the colour stays as a frame, so that a flat region can be followed through cells that are not ok.
            var frame = colour is { } c ? ColourScale.Html(c) : "var(--line)";
            cell.Add(Box(x + 3, y + 3, Width - 6, Height - 6,
                new XAttribute("fill", "url(#hatch)"), new XAttribute("stroke", frame), new XAttribute("stroke-width", 4)));
        }
        if (row.Recommended)
            cell.Add(
                Box(x + 1, y + 1, Width - 2, Height - 2, new XAttribute("class", "outline")),
                Box(x + 4, y + 4, Width - 8, Height - 8, new XAttribute("class", "gap")));

        var acceptance = double.IsFinite(row.Acceptance) ? row.Acceptance.ToString("f2", Number) : "\u2013";
        List<string> lines = [.. Estimate(row), $"acc {acceptance}"];
        if (row.Status != "ok") lines.Add(row.Status);
        var first = y + (Height - Line * lines.Count) / 2 + 11;
        for (var i = 0; i < lines.Count; i++)
            cell.Add(new XElement("text",
                new XAttribute("x", x + Width / 2), new XAttribute("y", first + i * Line),
                new XAttribute("class", i == 0 ? "value" : "detail"),
                fine && colour is { } under ? new XAttribute("style", $"fill: {ColourScale.Ink(under)}") : null,
                Safe(lines[i])));
        return cell;
    }

    /// <summary>A setting's number, short: 0.001, 3e-5, 200.</summary>
    public static string Short(double value) =>
        value.ToString("g4", Number).Replace("e-0", "e-", StringComparison.Ordinal).Replace("e+0", "e", StringComparison.Ordinal);

    /// <summary>Text without the characters that no page may hold.</summary>
    public static string Safe(string text) =>
        string.Concat(text.EnumerateRunes().Where(r => r.Value is >= 0x20 and not (>= 0x7f and < 0xa0) and not 0xfffe and not 0xffff));

    /// <summary>Estimate and error, both to the second figure of the error.</summary>
    private static string[] Estimate(CalibrationTableRow row)
    {
        if (!double.IsFinite(row.Rllc)) return ["\u2013", "\u00b1 \u2013"];
        if (!double.IsFinite(row.RllcStdErr) || row.RllcStdErr <= 0) return [Short(row.Rllc), "\u00b1 \u2013"];
        if (Math.Abs(row.Rllc) >= 1e6 || row.RllcStdErr is >= 1e6 or < 1e-4)
            return [row.Rllc.ToString("0.0e0", Number), "\u00b1 " + row.RllcStdErr.ToString("0.0e0", Number)];
        var format = "f" + Math.Clamp(1 - (int)Math.Floor(Math.Log10(row.RllcStdErr)), 0, 5);
        return [row.Rllc.ToString(format, Number), "\u00b1 " + row.RllcStdErr.ToString(format, Number)];
    }

    private static string Told(CalibrationTableRow row) =>
        Said($"{row.Component}: step size {Short(row.StepSize)}, nbeta {Short(row.NBeta)}, ")
        + Said($"localization {Short(row.Localization)}. rLLC {row.Rllc:g5} \u00b1 {row.RllcStdErr:g3}, ")
        + Said($"acceptance {row.Acceptance:f3}, drift {row.Drift:g3}, negative draws {row.NegativeShare:p0}, ")
        + Said($"spike {row.Spike:g3}, sensitivity {row.Sensitivity:g3}, ")
        + Said($"bias of the step {row.StepBias:p1}")
        + (double.IsFinite(row.DataShare) ? Said($", share of the data {row.DataShare:g2} \u00b1 {row.DataShareStdErr:g2}") : "")
        + $". {row.Status}"
        + (row.StatusReason.Length > 0 ? $": {row.StatusReason}" : "")
        + (row.Recommended ? " Recommended." : "");

    private static string Said(FormattableString part) => part.ToString(Number);

    private static XElement Box(int x, int y, int width, int height, params XAttribute[] attributes) => new("rect",
        new XAttribute("x", x), new XAttribute("y", y), new XAttribute("width", width), new XAttribute("height", height), attributes);
}
