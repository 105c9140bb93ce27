using Spectre.Console;
using Spectre.Console.Rendering;

namespace MlNetRllc.Runner.Running;

/// <summary>A line of the live display.</summary>
/// <param name="Name">A step, or the whole run.</param>
/// <param name="Share">From 0 to 1.</param>
/// <param name="Elapsed">Time since it began.</param>
/// <param name="Left">Time still to come; null where nothing is known yet.</param>
/// <param name="Now">What it is at.</param>
internal sealed record LiveLine(string Name, double Share, TimeSpan Elapsed, TimeSpan? Left, string Now);

/// <summary>The live display: labelled columns, the whole run above, what is at work below. On a narrow terminal what a step is at
/// stands below its line.</summary>
internal static class LiveLines
{
    private const string Header = "step";

    private const int Narrow = 90, WideBar = 24, NarrowBar = 10, ClockWidth = 7;

    /// <summary>Draws it.</summary>
    /// <param name="console">Says how wide it is, and what it can draw.</param>
    /// <param name="run">The whole run.</param>
    /// <param name="steps">The steps at work.</param>
    public static IRenderable Draw(IAnsiConsole console, LiveLine run, IEnumerable<LiveLine> steps)
    {
        List<LiveLine> lines = [run, .. steps];
        var width = console.Profile.Width - 1;
        var isNarrow = width < Narrow;
        var (name, bar) = (Math.Clamp(lines.Max(line => line.Name.Length), Header.Length, width / 3), isNarrow ? NarrowBar : WideBar);
        string Row(string who, string done, string share, string time, string left) =>
            $"{CutBegin(who, name).PadRight(name)}  {done.PadRight(bar)} {share,4} {time,ClockWidth} {left,ClockWidth}";
        string Measured(LiveLine line) => Row(
            line.Name, Bar(bar, line.Share, console.Profile.Capabilities.Unicode), Percent(line.Share), StepPace.Clock(line.Elapsed),
            line.Left is { } left ? StepPace.Clock(left) : "");
        var header = Row(Header, "done", "", "time", "left");
        string[] Drawn(string row, string now) => isNarrow ? [row, $"  {now}"] : [$"{row}  {now}"];
        var drawn = lines.SelectMany(line => Drawn(Measured(line), line.Now)).Select(row => new Spectre.Console.Text(Cut(row, width)));
        return new Rows(drawn.Prepend(new(isNarrow ? header : $"{header}  now", new Style(Color.Grey))));
    }

    private static string Percent(double share) => $"{(int)(100 * Math.Clamp(share, 0, 1))}%";

    private static string Bar(int width, double share, bool unicode)
    {
        var full = (int)Math.Round(width * Math.Clamp(share, 0, 1));
        var (done, open) = unicode ? ('━', '┄') : ('#', '.');
        return new string(done, full) + new string(open, width - full);
    }

    private static string Cut(string text, int width) => text.Length <= width ? text.TrimEnd() : $"{text[..(width - 3)]}...";

    // Of combination/step the step says more.
    private static string CutBegin(string text, int width) => text.Length <= width ? text : $"...{text[^(width - 3)..]}";
}
