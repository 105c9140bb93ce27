namespace MlNetRllc.Text;

/// <summary>Finds the files that a source names.</summary>
internal static class DatasetLocations
{
    public static IEnumerable<SourceFile> Files(DatasetSource source, string folder, DatasetOptions options)
    {
        var location = source.Location;
        if (location.StartsWith(NugetPackages.Scheme, StringComparison.OrdinalIgnoreCase)) return NugetPackages.Files(location, options);
        if (Downloads.IsRemote(location))
        {
            var downloaded = Downloads.Fetch(location, source.Sha256, options);
            return [SourceFile.Local(downloaded, location)];
        }
        return LocalFiles(location, Path.Combine(folder, location));
    }

    private static IEnumerable<SourceFile> LocalFiles(string location, string path)
    {
        if (GlobPattern.IsPattern(location))
        {
            var files = GlobPattern.Files(path);
            return files.Count > 0 ? files.Select(file => SourceFile.Local(file))
                : throw new FileNotFoundException($"No file matches '{Path.GetFullPath(path)}'.", path);
        }
        if (Directory.Exists(path))
        {
            var files = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal).ToList();
            return files.Count > 0 ? files.Select(file => SourceFile.Local(file)) : throw new FileNotFoundException($"The folder '{Path.GetFullPath(path)}' holds no file.", path);
        }
        return File.Exists(path) ? [SourceFile.Local(path)] : throw new FileNotFoundException($"There is no file or folder '{Path.GetFullPath(path)}'.", path);
    }
}
