using System.Xml.Linq;

namespace MlNetRllc.Sampling.HeatMap;

/// <summary>A calibration as one HTML page that needs nothing else: for each component and nbeta a grid of step
/// size and localization.</summary>
/// <remarks>Built as a tree of elements, so that every text is escaped; there is no script. A component has its
/// own colours, for all its grids.</remarks>
internal static class HeatMapPage
{
    private const int Left = 46, Top = 24, Bottom = 42;

    private const string Style = """
        :root { color-scheme: light dark; --bg: #fbfbfa; --card: #fff; --ink: #1c2126; --soft: #5a646e; --line: #c9cfd4; --hatch: #e6e9ec; }
        @media (prefers-color-scheme: dark) {
          :root { --bg: #14171a; --card: #1c2024; --ink: #e8ebee; --soft: #a3adb7; --line: #4a535c; --hatch: #2d343a; }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--bg); color: var(--ink);
          font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
        }
        main { max-width: 1240px; margin: 0 auto; padding: 24px 16px 48px; }
        h1 { font-size: 26px; line-height: 1.2; margin: 0 0 8px; }
        h2 { font-size: 20px; margin: 28px 0 4px; }
        h3 { font-size: 15px; margin: 14px 0 2px; font-weight: 600; }
        p { margin: 6px 0; max-width: 85ch; overflow-wrap: break-word; }
        .soft { color: var(--soft); font-size: 14.5px; }
        .grids { display: flex; flex-wrap: wrap; gap: 4px 28px; }
        .grid { max-width: 100%; overflow-x: auto; }
        svg { display: block; }
        text { fill: var(--ink); font-size: 12.5px; text-anchor: middle; font-variant-numeric: tabular-nums; }
        .value { font-weight: 650; font-size: 14px; }
        .axis { fill: var(--soft); }
        .low { text-anchor: start; }
        .high { text-anchor: end; }
        .outline { fill: none; stroke: var(--ink); stroke-width: 3; }
        .gap { fill: none; stroke: var(--card); stroke-width: 2; }
        .shades { position: absolute; }
        """;

    /// <summary>The page.</summary>
    /// <param name="rows">Every setting of every component.</param>
    /// <param name="reason">Why the recommended setting is recommended; the caption.</param>
    public static XDocument Draw(IReadOnlyList<CalibrationTableRow> rows, string reason) => new(
        new XDocumentType("html", null, null, null),
        new XElement("html", new XAttribute("lang", "en"),
            new XElement("head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("title", "Calibration of SGLD"),
                new XElement("style", Style)),
            new XElement("body", new XElement("main",
                Shades(),
                new XElement("h1", "Calibration of SGLD"),
                new XElement("p", new XAttribute("class", "reason"), HeatMapCell.Safe(reason)),
                new XElement("p", new XAttribute("class", "soft"),
                    "A cell: rLLC \u00b1 standard error, and the mean Metropolis acceptance (acc). "
                    + "Outlined: the recommended setting. Hatched, with its colour as a frame: the status is not ok. "
                    + "Settings that differ in n\u03b2 or localization estimate different things: "
                    + "compare how steady they are, not their values."),
                rows.GroupBy(r => r.Component).Select(Section)))));

    private static IEnumerable<XElement> Section(IGrouping<string, CalibrationTableRow> component)
    {
        // What is not ok may lie anywhere; the colours are for what can be used, if anything can.
        var scale = ColourScale.Over(component.Where(r => r.Status == "ok").Select(r => r.Rllc))
            ?? ColourScale.Over(component.Select(r => r.Rllc));
        yield return new("h2", HeatMapCell.Safe(component.Key));
        yield return scale is null ? new("p", new XAttribute("class", "soft"), "No setting gives a finite estimate.") : Legend(scale);
        yield return new("div", new XAttribute("class", "grids"),
            component.GroupBy(r => r.NBeta).OrderBy(g => g.Key).Select(g => new XElement("div",
                new XElement("h3", $"n\u03b2 = {HeatMapCell.Short(g.Key)}"),
                new XElement("div", new XAttribute("class", "grid"), Grid([.. g], scale)))));
    }

    private static XElement Grid(List<CalibrationTableRow> rows, ColourScale? scale)
    {
        List<double> steps = [.. rows.Select(r => r.StepSize).Distinct().Order()];
        List<double> pulls = [.. rows.Select(r => r.Localization).Distinct().Order()];
        var (width, height) = (Left + steps.Count * HeatMapCell.Width, Top + pulls.Count * HeatMapCell.Height);
        int X(int column) => Left + column * HeatMapCell.Width;
        int Y(int row) => Top + row * HeatMapCell.Height;
        return Svg(width, height + Bottom, $"step size by localization at nbeta {HeatMapCell.Short(rows[0].NBeta)}",
            Label(0, 14, "localization \u03b3", "axis low"),
            pulls.Select((pull, i) => Label(Left - 8, Y(i) + HeatMapCell.Height / 2 + 4, HeatMapCell.Short(pull), "high")),
            steps.Select((step, i) => Label(X(i) + HeatMapCell.Width / 2, height + 16, HeatMapCell.Short(step), "tick")),
            Label(Left + (width - Left) / 2, height + 34, "step size \u03b5", "axis"),
            rows.Select(r => HeatMapCell.Draw(r, X(steps.IndexOf(r.StepSize)), Y(pulls.IndexOf(r.Localization)), scale)));
    }

    private static XElement Legend(ColourScale scale) => Svg(320, 46, "colours of the estimates",
        Label(0, 12, "rLLC (dimensionless), of settings that are ok", "axis low"),
        new XElement("rect",
            new XAttribute("x", 0), new XAttribute("y", 18), new XAttribute("width", 320), new XAttribute("height", 12),
            new XAttribute("fill", "url(#scale)")),
        Label(0, 43, HeatMapCell.Short(scale.Lowest), "low"),
        Label(160, 43, HeatMapCell.Short((scale.Lowest + scale.Highest) / 2), "tick"),
        Label(320, 43, HeatMapCell.Short(scale.Highest), "high"));

    private static XElement Shades() => new("svg",
        new XAttribute("class", "shades"), new XAttribute("width", 0), new XAttribute("height", 0),
        new XAttribute("aria-hidden", "true"),
        new XElement("defs",
                new XElement("linearGradient", new XAttribute("id", "scale"), ColourScale.Stops.Select(Stop)),
            new XElement("pattern", new XAttribute("id", "hatch"), new XAttribute("width", 7), new XAttribute("height", 7),
                new XAttribute("patternUnits", "userSpaceOnUse"), new XAttribute("patternTransform", "rotate(45)"),
                new XElement("rect", new XAttribute("width", 7), new XAttribute("height", 7), new XAttribute("fill", "var(--card)")),
                new XElement("rect", new XAttribute("width", 2.5), new XAttribute("height", 7), new XAttribute("fill", "var(--hatch)")))));

    // A colour of the scale at its place in it, a share from 0 to 1.
    private static XElement Stop((byte Red, byte Green, byte Blue) colour, int index) => new("stop",
        new XAttribute("offset", FormattableString.Invariant($"{index / (ColourScale.Stops.Count - 1.0):f4}")),
        new XAttribute("stop-color", ColourScale.Html(colour)));

    private static XElement Svg(int width, int height, string label, params object[] content) => new("svg",
        new XAttribute("width", width), new XAttribute("height", height), new XAttribute("viewBox", $"0 0 {width} {height}"),
        new XAttribute("role", "img"), new XAttribute("aria-label", label), content);

    private static XElement Label(int x, int y, string text, string style) =>
        new("text", new XAttribute("x", x), new XAttribute("y", y), new XAttribute("class", style), text);
}
