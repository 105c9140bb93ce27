using MlNetRllc.Core.Native;
using MlNetRllc.Tests.Packages;

namespace MlNetRllc.Tests.Core.Native;

/// <summary>What is said before TorchSharp says anything, on systems that are not this one: their files and loaders are put in
/// place.</summary>
public sealed class OtherSystemsTests
{
    private const string Folder = "/program";

    [Theory, InlineData("linux-arm64"), InlineData("osx-x64"), InlineData("win-arm64")]
    public void SystemWithoutLibtorch_IsToldSo_AndOfNoPackage(string system)
    {
        var said = TorchNative.TryLoad(System(system));
        Assert.Equal($"There is no libtorch for {system}: TorchSharp brings it for linux-x64, win-x64 and osx-arm64 alone.", said);
    }

    [Theory, InlineData("win-x64", "torch_cpu.dll"), InlineData("osx-arm64", "libtorch_cpu.dylib")]
    public void MissingLibtorch_IsNamedWithItsPackageAndTheFoldersLookedIn(string system, string file)
    {
        var said = TorchNative.TryLoad(System(system));
        Assert.StartsWith($"{file} was not found in: {Folder}, /other. ", said, StringComparison.Ordinal);
        Assert.Contains($"dotnet add package libtorch-cpu-{system} --version 2.10.0", said, StringComparison.Ordinal);
    }

    // TorchSharp gathers what a script's packages hold by itself.
    [Theory, InlineData("win-x64"), InlineData("osx-arm64")]
    public void Script_IsLeftToTorchSharp(string system) => Assert.Null(TorchNative.TryLoad(System(system) with { IsScript = true }));

    [Fact]
    public void Windows_WithLibtorchAndItsRuntime_LacksNothing() => Assert.Null(TorchNative.TryLoad(System("win-x64", "torch_cpu.dll")));

    [Theory]
    [InlineData("MSVCP140.dll")]
    [InlineData("VCRUNTIME140.dll")]
    [InlineData("VCRUNTIME140_1.dll")]
    public void WindowsRuntimeThatDoesNotLoad_IsNamedWithWhatInstallsIt(string missing)
    {
        var windows = System("win-x64", "torch_cpu.dll") with { Load = name => name == missing ? "not found" : null };
        var said = TorchNative.TryLoad(windows);
        Assert.StartsWith($"libtorch needs {missing}, which this machine lacks. ", said, StringComparison.Ordinal);
        Assert.EndsWith(" Redistributable for x64: https://aka.ms/vs/17/release/vc_redist.x64.exe", said, StringComparison.Ordinal);
    }

    [Fact]
    public void WindowsRuntimeBesideLibtorch_Serves()
    {
        var windows = System("win-x64", "torch_cpu.dll", "MSVCP140.dll", "VCRUNTIME140.dll", "VCRUNTIME140_1.dll");
        Assert.Null(TorchNative.TryLoad(windows with { Load = _ => "not found" }));
    }

    [Fact]
    public void Mac_LoadsTheOpenMpThatLiesThere_AndNothingElse()
    {
        var loaded = new List<string>();
        var mac = System("osx-arm64", "libtorch_cpu.dylib", "libomp.dylib") with { Load = path => { loaded.Add(path); return null; } };
        Assert.Null(TorchNative.TryLoad(mac));
        Assert.Equal([Path.Combine(Folder, "libomp.dylib")], loaded);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void MacsOpenMpThatCannotBeLoaded_IsToldWithBrew_UnlessHomebrewHasIt(bool homebrewHasIt)
    {
        var mac = System("osx-arm64", "libtorch_cpu.dylib", "libomp.dylib", homebrewHasIt ? MacLibtorch.HomebrewsOpenMp : "") with
        {
            Load = _ => "code signature invalid",
        };
        var said = TorchNative.TryLoad(mac);
        if (homebrewHasIt) Assert.Null(said);
        else
            Assert.Equal($"libtorch_cpu.dylib needs libomp.dylib, and {Path.Combine(Folder, "libomp.dylib")} cannot be loaded: "
                + "code signature invalid. Install it: brew install libomp", said);
    }

    [Fact]
    public void MacsOpenMpThatIsNotThere_IsToldWithBrew()
    {
        var said = TorchNative.TryLoad(System("osx-arm64", "libtorch_cpu.dylib"));
        Assert.Equal("libtorch_cpu.dylib needs libomp.dylib, which does not lie beside it. Install it: brew install libomp", said);
    }

    [Fact]
    public void MacThatIsTooOld_IsToldTheLeast()
    {
        var said = TorchNative.TryLoad(System("osx-arm64", "libtorch_cpu.dylib", "libomp.dylib") with { Version = new(14, 7) });
        Assert.Equal("TorchSharp needs macOS 15 or later; this is 14.7.", said);
    }

    [Fact]
    public void LeastMac_IsTheOneThatTorchSharpsBridgeIsBuiltFor()
    {
        var packages = Path.Combine(LocalFeed.Cache, "torchsharp");
        var bridges = Directory.GetFiles(packages, "libLibTorchSharp.dylib", SearchOption.AllDirectories);
        Assert.Equal(MacLibtorch.Least, LeastMacOf(File.ReadAllBytes(bridges.Order(StringComparer.Ordinal).Last())));
    }

    [Fact]
    public void ThisSystem_IsOneThatLibtorchIsFor_AndItsFoldersHaveIt()
    {
        var here = NativeHost.This();
        Assert.Contains(here.System, LibtorchPackage.Systems);
        Assert.False(here.IsScript);
        var libtorch = OperatingSystem.IsWindows() ? "torch_cpu.dll" : $"libtorch_cpu.{(OperatingSystem.IsMacOS() ? "dylib" : "so")}";
        Assert.NotNull(here.Find(libtorch));
        Assert.NotNull(here.Load(Path.Combine(Folder, "no-such-library")));
    }

    // LC_BUILD_VERSION of a 64-bit Mach-O file: command, size, platform, least version with its major number in the upper half.
    private static int LeastMacOf(ReadOnlySpan<byte> image)
    {
        const int header = 32, counted = 16, buildVersion = 0x32;
        var at = header;
        for (var left = BitConverter.ToInt32(image[counted..]); left > 0; left--)
        {
            if (BitConverter.ToInt32(image[at..]) == buildVersion) return BitConverter.ToInt32(image[(at + 12)..]) >> 16;
            at += BitConverter.ToInt32(image[(at + 4)..]);
        }
        return 0;
    }

    private static NativeHost System(string system, params string[] files)
    {
        var there = files.Select(file => Path.Combine(Folder, file)).ToHashSet(); // an absolute path stays as it is
        return new(system, new(15, 1), [Folder, "/other"], IsScript: false, there.Contains, Load: _ => null);
    }
}
