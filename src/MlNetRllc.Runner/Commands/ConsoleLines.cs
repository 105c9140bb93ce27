using MlNetRllc.Runner.Running;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary>Lines on the console: on a terminal they break between words, so that a narrow one reads well; anywhere else they stay
/// whole. A path is never cut, for whoever copies or searches it.</summary>
internal static class ConsoleLines
{
    /// <summary>Writes a line.</summary>
    public static void Say(this IAnsiConsole console, string line) =>
        console.Profile.Out.Writer.WriteLine(console.Profile.Out.IsTerminal ? WordWrap.Wrap(line, console.Profile.Width) : line);
}
