namespace MlNetRllc.Tests.Service;

/// <summary>Programs whose native libraries lie otherwise than where they are built: this one, linked into another folder.</summary>
[Trait("System", "Linux")]
public sealed class NativeLibraryTests : IDisposable
{
    private const string Bridge = "libLibTorchSharp.so";
    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc-layout-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task LibtorchThatCannotBeLoaded_IsNamedByEveryEntrance()
    {
        Lay(("libtorch_cpu.so", "no library"u8.ToArray()));
        await Scenario.Run(nameof(Scenarios.EveryEntranceNamesTheLibraryThatCannotBeLoaded), folder, NoCache);
    }

    [Fact]
    public async Task TorchSharpFailedBefore_TheFirstLineIsNamed()
    {
        Lay((Bridge, "no library"u8.ToArray()), (Bridge + ".later", File.ReadAllBytes(Path.Combine(Native, Bridge))));
        await Scenario.Run(nameof(Scenarios.TorchSharpThatFailedBefore_IsNamedWithTheFirstLine), folder, NoCache);
    }

    // A layout that was not made by a build with the package's asset; the bridge's original comes from memory where it does not load.
    [Fact]
    public async Task OriginalBridge_NeedsNoHomeAndNoTemporaryFolder()
    {
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var bridges = Directory.GetFiles(Path.Combine(cache, "torchsharp"), Bridge, SearchOption.AllDirectories);
        var original = bridges.Order(StringComparer.Ordinal).Last();
        Lay((Bridge, File.ReadAllBytes(original)));
        await Scenario.Run(nameof(Scenarios.TensorsAreMade), folder, [.. NoCache, ("TMPDIR", "/dev/null/temporary")]);
        Assert.Equal(File.ReadAllBytes(original), File.ReadAllBytes(Path.Combine(folder, NativeFolder, Bridge)));
    }

    private static string NativeFolder => Path.Combine("runtimes", "linux-x64", "native");

    private static string Native => Path.Combine(AppContext.BaseDirectory, NativeFolder);

    // TorchSharp looks for other copies of its libraries in the package cache.
    private static (string, string)[] NoCache =>
        [(TestThreads.Untouched, "yes"), ("HOME", "/dev/null/home"), ("NUGET_PACKAGES", "/dev/null/packages")];

    // The program's own files are copied, since a link is followed to where the program was; all else is linked, but for what is given.
    private void Lay(params (string Name, byte[] Content)[] native)
    {
        Directory.CreateDirectory(Path.Combine(folder, NativeFolder));
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            var (name, copy) = (Path.GetFileName(file), Path.Combine(folder, Path.GetFileName(file)));
            if (name.StartsWith("MlNetRllc.Tests", StringComparison.Ordinal)) File.Copy(file, copy);
            else File.CreateSymbolicLink(copy, file);
        }
        foreach (var file in Directory.EnumerateFiles(Native))
        {
            var name = Path.GetFileName(file);
            if (native.All(n => n.Name != name)) File.CreateSymbolicLink(Path.Combine(folder, NativeFolder, name), file);
        }
        foreach (var (name, content) in native) File.WriteAllBytes(Path.Combine(folder, NativeFolder, name), content);
    }
}
