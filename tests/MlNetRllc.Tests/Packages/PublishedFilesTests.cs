using System.Text.Json;
using System.Xml.Linq;
using MlNetRllc.Core.Native;
using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Packages;

/// <summary>What <c>dotnet publish -r SYSTEM</c> puts into the folder, for systems that are not this one too: lists of files, not
/// built.</summary>
[Collection(SdkBuilds.Name), Trait("Category", "Package"), Trait("System", "Linux")]
public sealed class PublishedFilesTests(PackedLibrary packed) : IDisposable
{
    private static readonly Dictionary<string, string[]> Expected = new()
    {
        ["linux-x64"] =
        [
            "libLibTorchSharp.so", "libc10.so", "libgomp-98b21ff3.so.1", "libshm.so", "libtorch.so", "libtorch_cpu.so",
            "libtorch_global_deps.so",
        ],
        ["osx-arm64"] =
        [
            "libLibTorchSharp.dylib", "libc10.dylib", "libomp.dylib", "libshm.dylib", "libtorch.dylib", "libtorch_cpu.dylib",
            "libtorch_global_deps.dylib",
        ],
        ["win-x64"] =
        [
            "LibTorchSharp.dll", "c10.dll", "libiomp5md.dll", "libiompstubs5md.dll", "torch.dll", "torch_cpu.dll", "torch_global_deps.dll",
            "uv.dll",
        ],
    };

    private const string PackageReference = $"""<PackageReference Include="MlNetRllc" Version="{PackedLibrary.Version}" />""";

    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc-published-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, InlineData("linux-x64"), InlineData("win-x64"), InlineData("osx-arm64")]
    public async Task Tool_HasItsSystemsLibtorch_AndNoOther(string system) =>
        Assert.Equal(Expected[system], Libtorch(await Published(Path.Combine(Repository.Root, "src", "MlNetRllc.Runner"), system)));

    // The program lies elsewhere and has nothing of this repository but the reference.
    [Theory, InlineData("linux-x64"), InlineData("win-x64"), InlineData("osx-arm64")]
    public async Task ProgramThatRefersToTheProject_HasItsSystemsLibtorch_AndNoOther(string system)
    {
        var project = Path.Combine(Repository.Root, "src", "MlNetRllc", "MlNetRllc.csproj");
        var found = await Published(Program($"""<ProjectReference Include="{project}" />"""), system);
        Assert.Equal(Expected[system], Libtorch(found).Where(f => !OfPython(f)));
    }

    [Theory, InlineData("linux-x64"), InlineData("win-x64"), InlineData("osx-arm64")]
    public async Task ProgramThatRefersToThePackage_HasItsSystemsLibtorch_AndNoOther(string system)
    {
        var found = await Published(Program(PackageReference), system);
        Assert.Equal(Expected[system], Libtorch(found).Where(f => !OfPython(f)));
    }

    // The package brings libtorch for Linux, which is of no use elsewhere; the build says so, where the program could only fail.
    [Theory, InlineData("win-x64"), InlineData("osx-arm64")]
    public async Task ProgramWithoutItsSystemsLibtorch_IsWarnedWhenBuilt_AndNotWithItsRuntimeIdentifier(string system)
    {
        var program = Program(PackageReference);
        var warned = await Msbuild(program, "ResolvePackageAssets", $"-p:LibtorchSystem={system}");
        Assert.Contains($"MLNETRLLC001: The program has no libtorch for {system}. Add the package libtorch-cpu-{system} "
            + $"{LibtorchPackage.Version}, or set RuntimeIdentifier to {system}.", warned, StringComparison.Ordinal);
        var quiet = await Msbuild(program, "ResolvePackageAssets", $"-p:RuntimeIdentifier={system}");
        Assert.DoesNotContain("MLNETRLLC001", quiet, StringComparison.Ordinal);
    }

    // Nothing that could be added would help there.
    [Theory, InlineData("osx-x64"), InlineData("win-arm64"), InlineData("linux-arm64")]
    public async Task ProgramForASystemWithoutLibtorch_IsToldSoWhenBuilt(string system)
    {
        var told = await Msbuild(Program(PackageReference), "ResolvePackageAssets", $"-p:LibtorchSystem={system}");
        Assert.Contains($"MLNETRLLC002: There is no libtorch for {system}", told, StringComparison.Ordinal);
        Assert.DoesNotContain("MLNETRLLC001", told, StringComparison.Ordinal);
    }

    // Steps are done anew when a new build may compute otherwise; the same sources must be the same build.
    [Fact]
    public async Task SameSources_GiveTheSameFiles_WhereverTheyLie_AndForEverySystem()
    {
        var printed = await DotnetCommand.Run("msbuild", "src/MlNetRllc.Runner", "-p:Configuration=Release", "-p:RuntimeIdentifier=win-x64",
            "-getProperty:PathMap", "-getProperty:PlatformTarget", "-getProperty:IntermediateOutputPath", "-getProperty:Deterministic");
        using var json = JsonDocument.Parse(printed);
        string Value(string name) => json.RootElement.GetProperty("Properties").GetProperty(name).GetString()!;
        Assert.Equal($"{Value("IntermediateOutputPath")}=/_/obj/,{Repository.Root}/=/_/", Value("PathMap"));
        Assert.Equal(("AnyCPU", "true"), (Value("PlatformTarget"), Value("Deterministic")));
    }

    // What a package depends on must not depend on who packs it.
    [Theory, InlineData("linux-x64"), InlineData("win-x64"), InlineData("osx-arm64")]
    public async Task PackageMadeOnAnySystem_DependsOnLibtorchForLinux(string system)
    {
        await Msbuild(Path.Combine(Repository.Root, "src", "MlNetRllc.Core"), "Pack", $"-p:TorchSystem={system}", "-p:NoBuild=true",
            "-p:IncludeBuildOutput=false", "-p:IncludeSymbols=false", "-p:NoWarn=NU5128");
        var made = Directory.GetFiles(Path.Combine(folder, "artifacts"), "*.nuspec", SearchOption.AllDirectories).Single();
        var ids = XDocument.Load(made).Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value);
        Assert.Equal(["libtorch-cpu-linux-x64"], ids.Where(id => id.StartsWith("libtorch", StringComparison.Ordinal)));
    }

    // Libraries of libtorch for Python and for its own tests, which the tool leaves out.
    private static bool OfPython(string file) =>
        file.Contains("python", StringComparison.Ordinal) || file.Contains("_test.", StringComparison.Ordinal)
        || file is "libbackend_with_compiler.so" or "libnnapi_backend.so" or "libaoti_custom_ops.so";

    private static IEnumerable<string> Libtorch(IEnumerable<PublishedFile> files) => files
        .Where(f => f.Package is "TorchSharp" || f.Package.StartsWith("libtorch", StringComparison.Ordinal))
        .Select(f => f.Name).Where(name => name != "TorchSharp.dll").Order(StringComparer.Ordinal);

    private string Program(string reference)
    {
        var program = Directory.CreateDirectory(Path.Combine(folder, "program")).FullName;
        File.WriteAllText(Path.Combine(program, "program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>{reference}</ItemGroup>
            </Project>
            """);
        return program;
    }

    private async Task<List<PublishedFile>> Published(string project, string system)
    {
        var printed = await Msbuild(project, "ComputeResolvedFilesToPublishList", "-getItem:ResolvedFileToPublish",
            $"-p:RuntimeIdentifier={system}", "-p:SelfContained=false", "-p:BuildProjectReferences=false");
        using var json = JsonDocument.Parse(printed);
        var items = json.RootElement.GetProperty("Items").GetProperty("ResolvedFileToPublish").EnumerateArray();
        return [.. items.Select(item => new PublishedFile(
            Path.GetFileName(item.GetProperty("RelativePath").GetString()!),
            item.TryGetProperty("NuGetPackageId", out var package) ? package.GetString()! : ""))];
    }

    // All that is written goes into the test's folder: the repository stays restored for this system.
    private Task<string> Msbuild(string project, string target, params string[] arguments)
    {
        var feed = Directory.CreateDirectory(Path.Combine(folder, "feed")).FullName;
        foreach (var system in LibtorchPackage.Systems) LibtorchStandIn.Provide(feed, system, Expected[system]);
        var output = Path.Combine(folder, "artifacts");
        return DotnetCommand.Run(["msbuild", project, "-restore", $"-t:{target}", $"-p:ArtifactsPath={output}",
            $"-p:LocksFolder={Path.Combine(output, "locks")}", $"-p:RestoreSources={feed}%3B{packed.Folder}",
            $"-p:RestorePackagesPath={Path.Combine(folder, "unpacked")}", $"-p:RestoreFallbackFolders={LocalFeed.Cache}", .. arguments]);
    }

    private sealed record PublishedFile(string Name, string Package);
}
