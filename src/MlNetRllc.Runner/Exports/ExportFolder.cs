using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Exports;

/// <summary>A folder that an export wrote, and may replace as a whole: its list of files says that all of it is the export's.</summary>
internal static class ExportFolder
{
    /// <summary>The file that lists the others.</summary>
    public const string ListFile = "rllc-export.json";

    /// <summary>Writes a folder whole or not at all; one that an earlier export left there is replaced.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="files">Files by their path in it, with '/'.</param>
    /// <exception cref="PipelineException">There is something that no export wrote; nothing is touched.</exception>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string folder, IEnumerable<(string Path, byte[] Content)> files)
    {
        var full = Path.GetFullPath(folder);
        CheckOwn(full);
        var parent = Path.GetDirectoryName(full) ?? throw new PipelineException("this is the root of a disk; name a folder in it.", folder);
        Directory.CreateDirectory(parent);
        string Beside(string ending) => Path.Combine(parent, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}.{ending}");
        var (part, old) = (Beside("part"), Beside("old"));
        try
        {
            var written = new List<string>();
            foreach (var (path, content) in files)
            {
                AtomicFile.Write(Path.Combine([part, .. path.Split('/')]), stream => stream.Write(content));
                written.Add(path);
            }
            AtomicFile.Write(Path.Combine(part, ListFile), stream => JsonSerializer.Serialize(stream, new ExportedFiles("rllc", written)));
            if (Directory.Exists(full)) AtomicFile.MoveFolder(full, old);
            AtomicFile.MoveFolder(part, full);
        }
        catch
        {
            if (Directory.Exists(old) && !Directory.Exists(full)) AtomicFile.MoveFolder(old, full);
            FileMover.TryDelete(part);
            throw;
        }
        // The new one is there: what is left of the old one is no failure.
        FileMover.TryDelete(old);
    }

    private static void CheckOwn(string folder)
    {
        if (File.Exists(folder)) throw new PipelineException("this is a file; name a folder.", folder);
        if (!Directory.Exists(folder)) return;
        if (new DirectoryInfo(folder).LinkTarget is { } target)
            throw new PipelineException($"this is a link to {target}, which would be replaced; name a folder.", folder);
        var found = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => !IsOfTheSystem(Path.GetFileName(f)))
            .Select(f => PortablePath.Relative(folder, f)).Order(StringComparer.Ordinal).ToList();
        if (found.Count == 0) return;
        var own = ListIn(folder).Append(ListFile).ToHashSet(StringComparer.Ordinal);
        if (found.Find(f => !own.Contains(f)) is { } other)
            throw new PipelineException(
                $"{other} is in this folder, and no export wrote it: nothing is replaced. Name another folder, or empty this one.", folder);
    }

    // What the Finder and the Explorer leave in folders that are looked at, and on disks that know no attributes.
    private static bool IsOfTheSystem(string name) =>
        name is ".DS_Store" or "Thumbs.db" or "desktop.ini" || name.StartsWith("._", StringComparison.Ordinal);

    private static IReadOnlyList<string> ListIn(string folder)
    {
        var list = Path.Combine(folder, ListFile);
        try
        {
            return File.Exists(list) ? JsonSerializer.Deserialize<ExportedFiles>(SharedFile.ReadAllText(list))?.Files ?? [] : [];
        }
        catch (JsonException) { return []; }
    }

    private sealed record ExportedFiles(string Program, IReadOnlyList<string>? Files);
}
