using System.IO.Compression;
using MlNetRllc.Core.Native;

namespace MlNetRllc.Tests.Packages;

/// <summary>Packages of libtorch for systems that this machine never restored it for: the names of their files, and nothing in
/// them.</summary>
internal static class LibtorchStandIn
{
    /// <summary>Puts one into a folder of packages, unless the machine has the package itself.</summary>
    /// <param name="feed">The folder.</param>
    /// <param name="system">As NuGet calls it.</param>
    /// <param name="files">Names of its native libraries.</param>
    public static void Provide(string feed, string system, IEnumerable<string> files)
    {
        var (id, version) = (LibtorchPackage.For(system), LibtorchPackage.Version);
        var path = Path.Combine(feed, $"{id}.{version}.nupkg");
        if (Directory.Exists(Path.Combine(LocalFeed.Cache, id, version)) || File.Exists(path)) return;
        using var package = ZipFile.Open(path, ZipArchiveMode.Create);
        Write(package, $"{id}.nuspec", $"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata><id>{id}</id><version>{version}</version><authors>tests</authors><description>A stand-in.</description></metadata>
            </package>
            """);
        foreach (var file in files.Where(f => !f.Contains("LibTorchSharp", StringComparison.Ordinal)))
            Write(package, $"runtimes/{system}/native/{file}", "");
    }

    private static void Write(ZipArchive package, string name, string content)
    {
        using var writer = new StreamWriter(package.CreateEntry(name).Open());
        writer.Write(content);
    }
}
