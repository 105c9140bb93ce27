using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Planning;

namespace MlNetRllc.Runner.Running;

/// <summary>What can be removed from a content folder.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Paths">Files or subfolders, as the folder is made of.</param>
internal sealed record ContentGarbage(ContentFolder Folder, IReadOnlyList<string> Paths);

/// <summary>What can be removed from a run's or sweep's folder.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Contents">For each content folder what nothing needs.</param>
/// <param name="Notes">Lists of what nothing needs any more.</param>
internal sealed record Garbage(string Folder, IReadOnlyList<ContentGarbage> Contents, IReadOnlyList<string> Notes)
{
    /// <summary>In a folder; what a link leads to is not in it.</summary>
    internal static readonly EnumerationOptions Here = new() { AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>In a folder or below it; what a link leads to is neither.</summary>
    internal static readonly EnumerationOptions Below =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    public bool IsEmpty => Contents.All(c => c.Paths.Count == 0);

    public long Bytes
    {
        get
        {
            var within = PathsOf(ContentUnit.Subfolder).SelectMany(d => Directory.EnumerateFiles(d, "*", Below));
            return PathsOf(ContentUnit.File).Concat(within).Sum(f => new FileInfo(f).Length);
        }
    }

    /// <summary>How many things of each kind, in words.</summary>
    public string Counts =>
        string.Join(", ", Contents.OrderBy(c => c.Folder.Unit).Select(c => $"{c.Paths.Sum(c.Folder.CountIn):N0} {c.Folder.Things}"));

    public void Remove()
    {
        foreach (var file in PathsOf(ContentUnit.File)) SharedFile.Delete(file);
        foreach (var folder in PathsOf(ContentUnit.Subfolder)) SharedFile.Delete(folder);
        foreach (var note in Notes) SharedFile.Delete(note);
    }

    private IEnumerable<string> PathsOf(ContentUnit unit) => Contents.Where(c => c.Folder.Unit == unit).SelectMany(c => c.Paths);
}
