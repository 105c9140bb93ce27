using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Packages;

/// <summary>The lines by which the README brings the package into a project, typed where nothing was ever built.</summary>
[Collection(SdkBuilds.Name), Trait("Category", "Package"), Trait("System", "Linux")]
public sealed class CleanProjectTests(PackedLibrary packed) : IDisposable
{
    private const string Libtorch = "libtorch-cpu-linux-x64";
    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc-clean-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task ReadmesLines_WithAnEmptyPackageFolder_GiveAProjectThatBuildsAndRuns()
    {
        var packages = Directory.CreateDirectory(Path.Combine(folder, "MlNetRllc", "packages")).FullName;
        foreach (var file in Directory.GetFiles(packed.Folder)) File.Copy(file, Path.Combine(packages, Path.GetFileName(file)));
        var clean = Directory.CreateDirectory(Path.Combine(folder, "clean")).FullName;
        await Dotnet("new", "console", "--no-restore", "-o", clean);
        var sample = File.ReadLines(Path.Combine(Repository.Root, "pipelines", "own-module.cs")).Where(line => !line.StartsWith('#'));
        File.WriteAllText(Path.Combine(clean, "Program.cs"), string.Join('\n', sample));

        var lines = ReadmesLines();
        Assert.Equal(3, lines.Count);
        await Dotnet(lines[0]);
        StandInForNuget(Path.Combine(clean, "nuget.config"));
        foreach (var line in lines.Skip(1)) await Dotnet(line);
        await Dotnet("build", "--no-restore", "-o", "out", "-p:CreateHardLinksForCopyLocalIfPossible=true", "--nologo", "-v", "q");

        var printed = await Dotnet(Path.Combine("out", "clean.dll"), "--reduced");
        var parts = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]);
        Assert.Equal(["full", "hidden", "out", "unit-3"], parts);
        Assert.True(Directory.Exists(Path.Combine(folder, "unpacked", "torchsharp")));

        Task<string> Dotnet(params string[] arguments) => DotnetCommand.RunIn(
            clean, new() { ["NUGET_PACKAGES"] = Path.Combine(folder, "unpacked") }, "dotnet", arguments);
    }

    private static List<string[]> ReadmesLines()
    {
        var readme = File.ReadAllLines(Path.Combine(Repository.Root, "src", "MlNetRllc", "README.md"));
        var block = readme.SkipWhile(line => line != "dotnet new nugetconfig").TakeWhile(line => line != "```");
        return [.. block.Select(line => line.Split(' ')[1..])];
    }

    // What nuget.org would serve is taken from the files that the machine downloaded when it restored the tests. Libtorch,
    // most of a gigabyte, is not unpacked again; it is the one package that is there before.
    private void StandInForNuget(string config)
    {
        var there = Directory.CreateDirectory(Path.Combine(folder, "there")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(there, Libtorch), Path.Combine(LocalFeed.Cache, Libtorch));
        var text = File.ReadAllText(config);
        Assert.Contains("https://api.nuget.org/v3/index.json", text, StringComparison.Ordinal);
        File.WriteAllText(config, text
            .Replace("https://api.nuget.org/v3/index.json", LocalFeed.Cache, StringComparison.Ordinal)
            .Replace("</configuration>", $"""
                <fallbackPackageFolders><add key="there" value="{there}" /></fallbackPackageFolders>
                </configuration>
                """, StringComparison.Ordinal));
    }
}
