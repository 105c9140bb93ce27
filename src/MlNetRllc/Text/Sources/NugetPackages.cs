using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using MlNetRllc.Core.Errors;

namespace MlNetRllc.Text.Sources;

/// <summary>Files inside pinned NuGet packages: <c>nuget://ID/VERSION/PATTERN</c>.</summary>
/// <remarks>The package is read as the zip it is, in the machine's packages folder, where a restore leaves it: some of its files
/// (XML documentation, by a setting of the SDK's images) are not unpacked there. A package that is not there is restored with
/// <c>dotnet restore</c> from the machine's own sources, unless offline.</remarks>
internal static partial class NugetPackages
{
    public const string Scheme = "nuget://";

    /// <summary>The package that a location names, its version, and the pattern of its files.</summary>
    /// <exception cref="ArgumentException">It names none.</exception>
    public static (string Id, string Version, string Pattern) Parts(string location)
    {
        if (location[Scheme.Length..].Split('/', 3) is not [var id, var version, { Length: > 0 } pattern])
            throw new ArgumentException($"'{location}' is not nuget://ID/VERSION/PATTERN.", nameof(location));
        foreach (var name in (ReadOnlySpan<string>)[id, version])
            if (!Name().IsMatch(name))
                throw new ArgumentException(
                    $"'{location}': '{name}' is no package's id or version: "
                    + "letters, digits, '.', '-', '_' and '+'.", nameof(location));
        return (id, version, pattern);
    }

    public static IEnumerable<SourceFile> Files(string location, DatasetOptions options)
    {
        var (id, version, pattern) = Parts(location);
        var package = Find(id, version)
            ?? (options.Offline ? null : Restore(id, version))
            ?? throw Missing(id, version, options.Offline ? "offline" : "not found");
        var regex = GlobPattern.ToRegex(pattern);
        using var zip = ZipFile.OpenRead(package);
        var entries = zip.Entries.Select(entry => entry.FullName).Where(name => regex.IsMatch(name)).Order(StringComparer.Ordinal).ToList();
        if (entries.Count == 0)
            throw new FileNotFoundException($"{location}: no file of the package {package} matches '{pattern}'.", package);
        return Open(package, entries, $"{Scheme}{id}/{version}/");
    }

    // Each file is read while the sequence stands at it, so the zip and its long table of contents are opened once.
    private static IEnumerable<SourceFile> Open(string package, List<string> entries, string prefix)
    {
        using var zip = ZipFile.OpenRead(package);
        foreach (var entry in entries) yield return new SourceFile(prefix + entry, () => OpenEntry(zip.GetEntry(entry)!));
    }

    private static MemoryStream OpenEntry(ZipArchiveEntry entry)
    {
        using var packed = entry.Open();
        var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        bytes.Position = 0;
        return bytes;
    }

    private static string Folder => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string? Find(string id, string version)
    {
#pragma warning disable CA1308 // NuGet's folder writes ids in lower case.
        var (lowerId, lowerVersion) = (id.ToLowerInvariant(), version.ToLowerInvariant());
#pragma warning restore CA1308
        var path = Path.Combine(Folder, lowerId, lowerVersion, $"{lowerId}.{lowerVersion}.nupkg");
        return File.Exists(path) ? path : null;
    }

    private static string? Restore(string id, string version)
    {
        var folder = Directory.CreateTempSubdirectory("rllc-restore-").FullName;
        try
        {
            // Empty Directory.* files keep those of folders above the temporary folder out.
            foreach (var name in (ReadOnlySpan<string>)["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
                File.WriteAllText(Path.Combine(folder, name), "<Project />");
            File.WriteAllText(Path.Combine(folder, "restore.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net{Environment.Version.Major}.0</TargetFramework></PropertyGroup>
                  <ItemGroup><PackageDownload Include="{id}" Version="[{version}]" /></ItemGroup>
                </Project>
                """);
            string[] arguments = ["restore", folder, "--verbosity", "quiet", "--packages", Folder];
            var start = new ProcessStartInfo("dotnet", arguments)
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return Find(id, version) ?? throw Missing(id, version, (output + errors.Result).Trim());
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw Missing(id, version, $"the dotnet command could not be started: {e.Message}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Both stand in a path and in a project file.
    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.+-]*\z")]
    private static partial Regex Name();

    private static FileNotFoundException Missing(string id, string version, string reason) => new FileNotFoundException(
        $"The package {id} {version}, which holds the text of this dataset, is not in {Folder} ({reason}). "
        + $"""Remedy: add <PackageDownload Include="{id}" Version="[{version}]" /> to an ItemGroup of a project """
        + "and run `dotnet restore`.").About(ErrorPage.PackageNotFound);
}
