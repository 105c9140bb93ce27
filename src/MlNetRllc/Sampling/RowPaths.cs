using MlNetRllc.Core.Files;

namespace MlNetRllc.Sampling;

/// <summary>Where a store keeps rows that were sampled together.</summary>
/// <remarks>
/// A group is named <c>GROUP.rows</c>, by which those who need it refer to its files, whichever there are; they
/// are <c>GROUP.PART.rows</c>, where PART follows from the keys of the file's rows.
/// </remarks>
internal static class RowPaths
{
    /// <summary>What the names of groups and their files end in.</summary>
    public const string Ending = ".rows";

    /// <summary>The name of a group.</summary>
    public static string GroupIn(string folder, string group) => Path.Combine(folder, group[..2], $"{group}{Ending}");

    /// <summary>The name of a file of a group.</summary>
    public static string FileIn(string folder, string group, string part) =>
        Path.Combine(folder, group[..2], $"{group}.{part}{Ending}");

    /// <summary>What the names of files end in that keep single tokens of a row.</summary>
    public const string TokensEnding = ".tokens.parquet";

    /// <summary>The name of the file that keeps single tokens of a row on a probe set.</summary>
    public static string TokensIn(string folder, RowKey row, string probe) => Path.Combine(
        folder, row.Group[..2], $"{row.Group}.{row.Row[..16]}.{ContentHash.OfText(probe)[..8]}{TokensEnding}");

    /// <summary>The key of the group that a file belongs to.</summary>
    public static string KeyOf(string file) => Path.GetFileName(file).Split('.')[0];

    /// <summary>The name of the group that a file belongs to.</summary>
    public static string GroupOf(string file) => Path.Combine(Path.GetDirectoryName(file)!, $"{KeyOf(file)}{Ending}");

    /// <summary>The files of a group by its name; none where there are none.</summary>
    public static IReadOnlyList<string> FilesOf(string group)
    {
        var subfolder = Path.GetDirectoryName(group)!;
        if (!Directory.Exists(subfolder)) return [];
        return [.. Directory.GetFiles(subfolder, $"{KeyOf(group)}.*{Ending}").Order(StringComparer.Ordinal)];
    }

    /// <summary>The files of a store whose names end in something.</summary>
    public static IEnumerable<string> FilesIn(string folder, string ending) => !Directory.Exists(folder) ? []
        : Directory.EnumerateDirectories(folder).SelectMany(subfolder => Directory.EnumerateFiles(subfolder, $"*{ending}"))
            .Where(file => !Path.GetFileName(file).StartsWith('.')); // As macOS leaves beside files on disks of other systems.
}
