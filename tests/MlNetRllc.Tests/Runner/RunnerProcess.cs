using System.Diagnostics;
using System.Text;

namespace MlNetRllc.Tests.Runner;

/// <summary>How a process of the runner ended; what it printed has the line ends of Unix on every system.</summary>
internal sealed record Finished(int ExitCode, string Output, string Errors);

/// <summary>The built runner in a process of its own.</summary>
internal static class RunnerProcess
{
    private static readonly Dictionary<string, string> AsHere = [];

    public static Process Start(
        string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        StartProgram("dotnet", [Path.Combine(AppContext.BaseDirectory, "rllc.dll"), .. arguments], folder, environment ?? AsHere);

    /// <param name="folder">Where it is started.</param>
    /// <param name="arguments">What follows <c>rllc</c>.</param>
    /// <param name="environment">Variables that are other ones there; nothing removes one.</param>
    public static Finished Run(
        string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(folder, arguments, environment);
        return End(process);
    }

    /// <summary>Runs a line of bash, for what only a shell can set up.</summary>
    public static Finished RunShell(string folder, string line, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = StartProgram("bash", ["-c", line], folder, environment ?? AsHere);
        return End(process);
    }

    public static Finished End(Process process)
    {
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill();
            Assert.Fail("The runner did not end within two minutes.");
        }
        return new(process.ExitCode, Read(output), Read(errors));
    }

    private static string Read(Task<string> printed) => printed.GetAwaiter().GetResult().Replace("\r\n", "\n", StringComparison.Ordinal);

    private static Process StartProgram(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
            // The runner writes so where its output is redirected; a console of Windows has another encoding.
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["DOTNET_TieredPGO"] = "0"; // As in the tests' own process: runs of a second gain nothing by it.
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
