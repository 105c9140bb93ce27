using System.Text.Json;
using System.Xml.Linq;
using MlNetRllc.Core.Native;
using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Packages;

/// <summary>Lock files of the systems that nobody here restores on: they say what this system's do, and another libtorch.</summary>
/// <remarks>This system's are held by restoring in locked mode. <c>dotnet restore -p:TorchSystem=win-x64</c> writes
/// another's.</remarks>
public sealed class LockFileTests
{
    private static readonly string[] Systems = ["linux-x64", "osx-arm64", "win-x64"];
    private static readonly string[] Frameworks = ["net10.0", .. Systems.Select(s => $"net10.0/{s}")];

    public static TheoryData<string> Projects => [.. ((string[])["src", "tests"])
        .SelectMany(folder => Directory.EnumerateDirectories(Path.Combine(Repository.Root, folder)))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
        .Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory, MemberData(nameof(Projects))]
    public void EachSystemsLock_IsOfEverySystem_AndHasItsOwnLibtorchAlone(string project)
    {
        foreach (var system in Systems)
        {
            var packages = Locked(project, system);
            Assert.Equal(Frameworks, packages.Select(p => p.Framework).Distinct().Order(StringComparer.Ordinal));
            var libtorch = packages.Select(p => p.Name).Where(IsLibtorch).Distinct();
            Assert.Equal([$"libtorch-cpu-{system}"], libtorch);
        }
    }

    [Theory, MemberData(nameof(Projects))]
    public void SystemsLocks_DifferInLibtorchAlone(string project)
    {
        var others = Systems.Select(system => Locked(project, system).Where(p => !IsLibtorch(p.Name)).ToList()).ToList();
        Assert.NotEmpty(others[0]);
        Assert.All(others, found => Assert.Equal(others[0], found));
    }

    [Theory, MemberData(nameof(Projects))]
    public void Locks_AreOfTheVersionsThatTheRepositoryAsksFor(string project)
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));
        var torch = file.Descendants("TorchVersion").Single().Value;
        var asked = file.Descendants("PackageVersion").ToDictionary(
            p => p.Attribute("Include")!.Value,
            p => p.Attribute("Version")!.Value.Replace("$(TorchVersion)", torch, StringComparison.Ordinal));
        // The tests read tables with a newer Arrow than the library's packages ask for.
        if (project == "MlNetRllc.Tests") asked.Remove("Apache.Arrow");
        foreach (var package in Systems.SelectMany(system => Locked(project, system)).Where(p => asked.ContainsKey(p.Name)))
            Assert.Equal((package.Name, asked[package.Name]), (package.Name, package.Version));
    }

    // The version stands where no property of the repository reaches: in the package, and in what it says.
    [Fact]
    public void LibtorchsVersion_IsOneEverywhere()
    {
        string Text(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));
        var pinned = $"<TorchVersion>{LibtorchPackage.Version}</TorchVersion>";
        Assert.Contains(pinned, Text("Directory.Packages.props"), StringComparison.Ordinal);
        var targets = Text("src", "MlNetRllc.Core", "buildTransitive", "MlNetRllc.Core.targets");
        Assert.Contains($"libtorch-cpu-$(LibtorchSystem) {LibtorchPackage.Version},", targets, StringComparison.Ordinal);
        using var runtime = JsonDocument.Parse(Text("src", "MlNetRllc.Core", "runtime.json"));
        var others = runtime.RootElement.GetProperty("runtimes").EnumerateObject().ToDictionary(
            system => system.Name, system => system.Value.GetProperty("MlNetRllc.Core").ToString());
        Assert.Equal(LibtorchPackage.Systems[1..], others.Keys);
        Assert.All(others, o => Assert.Equal($$"""{ "{{LibtorchPackage.For(o.Key)}}": "{{LibtorchPackage.Version}}" }""", o.Value));
    }

    private static bool IsLibtorch(string name) => name.StartsWith("libtorch", StringComparison.Ordinal);

    private static List<LockedPackage> Locked(string project, string system)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, ".locks", system, $"{project}.json")));
        return [.. json.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework =>
            framework.Value.EnumerateObject().Where(p => p.Value.TryGetProperty("resolved", out _)).Select(p => new LockedPackage(
                framework.Name, p.Name, p.Value.GetProperty("resolved").GetString()!, p.Value.GetProperty("contentHash").GetString()!)))];
    }

    private sealed record LockedPackage(string Framework, string Name, string Version, string Hash);
}
