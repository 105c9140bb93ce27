using System.Diagnostics;

namespace MlNetRllc.Tests.Runner;

/// <summary>How a process of the runner ended.</summary>
internal sealed record Finished(int ExitCode, string Output, string Errors);

/// <summary>The built runner in a process of its own.</summary>
internal static class RunnerProcess
{
    public static Process Start(string folder, IEnumerable<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "rllc.dll");
        // A shell that starts the tests in the background makes them, and all that they start, deaf to Ctrl-C.
        string[] all = ["--default-signal=INT", "dotnet", program, .. arguments];
        return Start("env", all, folder, new Dictionary<string, string>());
    }

    public static Finished Run(string folder, IEnumerable<string> arguments)
    {
        using var process = Start(folder, arguments);
        return End(process);
    }

    /// <summary>Runs a line of bash, for what only a shell can set up.</summary>
    public static Finished RunShell(string folder, string line, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = StartShell(folder, line, environment ?? new Dictionary<string, string>());
        return End(process);
    }

    /// <summary>Starts a line of bash, and leaves it to its caller.</summary>
    public static Process StartShell(string folder, string line, IReadOnlyDictionary<string, string> environment) =>
        Start("bash", ["-c", line], folder, environment);

    public static Finished End(Process process)
    {
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill();
            Assert.Fail("The runner did not end within two minutes.");
        }
        return new(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    private static Process Start(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
