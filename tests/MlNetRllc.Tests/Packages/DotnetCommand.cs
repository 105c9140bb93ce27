using System.Diagnostics;
using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Packages;

/// <summary>Tests that build with the SDK, one after the other: they write the same output folders.</summary>
[CollectionDefinition(Name)]
public sealed class SdkBuilds : ICollectionFixture<PackedLibrary>
{
    public const string Name = "SDK builds";
}

/// <summary>A program started as a user would start it.</summary>
internal static class DotnetCommand
{
    public static Task<string> Run(params string[] arguments) => RunIn(Repository.Root, "dotnet", arguments);

    /// <summary>What the program printed, with the line ends of Unix; a failure of it is one of the test.</summary>
    public static Task<string> RunIn(string folder, string program, params string[] arguments) =>
        RunIn(folder, [], program, arguments);

    /// <summary>The same under variables of the environment that are not the test host's.</summary>
    public static async Task<string> RunIn(
        string folder, Dictionary<string, string> variables, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // What the test host was started with must not steer another build.
        var inherited = start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase));
        foreach (var key in inherited.ToList()) start.Environment.Remove(key);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        if (program != "dotnet" || arguments is not ["run", ..]) return await PrintedBy(start);
        // A program of one file is built in a folder of the user's for every path that it ever had, a third of a gigabyte each.
        var built = Directory.CreateTempSubdirectory("mlnetrllc-built-");
        start.Environment["XDG_DATA_HOME"] = built.FullName;
        try
        {
            return await PrintedBy(start);
        }
        finally
        {
            built.Delete(recursive: true);
        }
    }

    private static async Task<string> PrintedBy(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var (printed, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)}\n{await printed}{await errors}");
        return (await printed).Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
