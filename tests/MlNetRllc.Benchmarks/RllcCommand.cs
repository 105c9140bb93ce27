using System.Diagnostics;
using System.Reflection;

namespace MlNetRllc.Benchmarks;

/// <summary>The <c>rllc</c> command, as a user runs it.</summary>
internal static class RllcCommand
{
    private static readonly Assembly Program = Assembly.Load("rllc");

    /// <summary>Runs it in this process, whose time and memory are measured.</summary>
    /// <exception cref="InvalidOperationException">It failed; what it wrote is in the message.</exception>
    public static void Here(params string[] arguments)
    {
        var (before, said) = (Console.Out, new StringWriter());
        Console.SetOut(said);
        try
        {
            if (Program.EntryPoint!.Invoke(null, [arguments]) is not 0)
                throw new InvalidOperationException($"rllc {string.Join(' ', arguments)} failed: {said}");
        }
        finally
        {
            Console.SetOut(before);
        }
    }

    /// <summary>Runs it in a process of its own: what prepares a case leaves nothing in this one.</summary>
    /// <exception cref="InvalidOperationException">It failed; what it wrote is in the message.</exception>
    public static void Apart(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program.Location, .. arguments]) { RedirectStandardOutput = true };
        using var child = Process.Start(start)!;
        var said = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        if (child.ExitCode != 0) throw new InvalidOperationException($"rllc {string.Join(' ', arguments)} failed: {said}");
    }
}
