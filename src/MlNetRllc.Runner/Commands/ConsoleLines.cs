using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary>Lines as they are: a terminal wraps them as it likes, and a path stays whole for whoever copies or searches it.</summary>
internal static class ConsoleLines
{
    /// <summary>Writes a line without cutting it at the console's width.</summary>
    public static void Say(this IAnsiConsole console, string line) => console.Profile.Out.Writer.WriteLine(line);
}
