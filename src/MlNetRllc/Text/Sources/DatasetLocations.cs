using MlNetRllc.Core.Errors;

namespace MlNetRllc.Text.Sources;

/// <summary>Finds the files that a source names.</summary>
internal static class DatasetLocations
{
    /// <summary>Whether a location names what lies elsewhere: a package or an address.</summary>
    public static bool IsFetched(string location) =>
        location.StartsWith(NugetPackages.Scheme, StringComparison.OrdinalIgnoreCase) || Downloads.IsRemote(location);

    /// <summary>Sees that a location that is fetched is an address, or a package's.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static void CheckAddress(string location)
    {
        if (location.StartsWith(NugetPackages.Scheme, StringComparison.OrdinalIgnoreCase)) NugetPackages.Parts(location);
        else if (Downloads.IsRemote(location)) Downloads.AddressOf(location);
    }

    public static IEnumerable<SourceFile> Files(DatasetSource source, string folder, DatasetOptions options)
    {
        var location = source.Location;
        if (location.StartsWith(NugetPackages.Scheme, StringComparison.OrdinalIgnoreCase)) return NugetPackages.Files(location, options);
        if (Downloads.IsRemote(location))
        {
            var downloaded = Downloads.Fetch(location, source.Sha256, options);
            return [SourceFile.Local(downloaded, location)];
        }
        return Local(location, Path.Combine(folder, location));
    }

    private static IEnumerable<SourceFile> Local(string location, string path)
    {
        var files = LocalFiles.FilesAt(path);
        return files.Count > 0 ? files.Select(file => SourceFile.Local(file)) : throw new FileNotFoundException(
            Directory.Exists(path) ? $"The folder '{Path.GetFullPath(path)}' holds no file that is not hidden "
                + "(hidden: its name, or that of a folder above it, begins with a dot)."
            : GlobPattern.IsPattern(location) ? $"No file matches '{Path.GetFullPath(path)}'. "
                + "In a pattern, * and ? stand for characters of a name and ** for any folders."
            : $"There is no file or folder '{Path.GetFullPath(path)}'.", path).About(ErrorPage.TextNotFound);
    }
}
