using System.Diagnostics;
using System.Reflection;
using MlNetRllc.Tests.Service;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(ScenarioStartup))]

namespace MlNetRllc.Tests.Service;

/// <summary>What could end the process runs in one of its own: this test program, started again, calls one method of
/// <see cref="Scenarios"/> and ends.</summary>
internal static class Scenario
{
    private const string Variable = "MLNETRLLC_SCENARIO";

    /// <summary>Runs a scenario and fails with what it printed unless it came to its end.</summary>
    /// <param name="name">The method's name.</param>
    /// <param name="folder">Where this program lies; where it runs now when null.</param>
    /// <param name="environment">Variables that are other ones there.</param>
    public static async Task Run(string name, string? folder = null, params (string Name, string Value)[] environment)
    {
        using var process = Start(name, folder, environment);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{name} ended with {process.ExitCode}.\n{await output}\n{await errors}");
        Assert.EndsWith("alive", (await output).Trim(), StringComparison.Ordinal);
    }

    /// <summary>Starts the process of a scenario.</summary>
    public static Process Start(string name, string? folder = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", Path.Combine(folder ?? AppContext.BaseDirectory, "MlNetRllc.Tests.dll"))
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { [Variable] = name },
        };
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs the scenario that this process was started for, if it was.</summary>
    /// <remarks>Not in a module's initializer, which would hold up the scenario's other threads until it has ended.</remarks>
    public static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } name) return;
        try
        {
            typeof(Scenarios).GetMethod(name, BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<Action>()();
            Console.WriteLine("alive");
            Environment.Exit(0);
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            Environment.Exit(1);
        }
    }
}

/// <summary>Called by the test framework before any test.</summary>
public sealed class ScenarioStartup : ITestPipelineStartup
{
    public ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        Scenario.RunIfAsked();
        return default;
    }

    public ValueTask StopAsync() => default;
}
