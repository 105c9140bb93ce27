using MlNetRllc.Core.Weights;

namespace MlNetRllc.Text;

/// <summary>Which files a path names: the one rule for what is read, what its identity follows from and how much there is.</summary>
/// <remarks>
/// What exists by the name is that, whatever characters it holds; only else it is a pattern. In a folder, whatever begins with a dot
/// is left out, files and folders, and each real folder is entered once: by its own name where it lies in the tree, else by the first link to it.
/// </remarks>
internal static class LocalFiles
{
    /// <summary>The files, in ordinal order; none when nothing is there.</summary>
    /// <exception cref="FileNotFoundException">A link leads nowhere; the message names both ends.</exception>
    /// <exception cref="IOException">A link leads back to itself.</exception>
    public static IReadOnlyList<string> Of(string path) =>
        File.Exists(path) ? [Existing(new FileInfo(path), path)]
        : Directory.Exists(path) ? [.. Beneath(path).Order(StringComparer.Ordinal)]
        : GlobPattern.Files(path);

    /// <summary>The files in a folder and its folders, in no order.</summary>
    /// <param name="folder">Where to begin.</param>
    /// <param name="levels">How many folders deep; 1 is the folder alone.</param>
    /// <param name="hidden">Whether names that begin with a dot count.</param>
    public static IEnumerable<string> Beneath(string folder, int levels = int.MaxValue, bool hidden = false)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        // Links wait until the tree itself is known, so that a folder in it is never read by a link's name.
        var (folders, links) = (new Queue<(string Path, string Real, int Levels)>(), new Queue<(string Path, int Levels)>());
        folders.Enqueue((folder, RealPath.Of(folder), levels));
        while (folders.Count > 0 || links.Count > 0)
        {
            if (!folders.TryDequeue(out var at))
            {
                var link = links.Dequeue();
                at = (link.Path, RealPath.Of(link.Path), link.Levels);
            }
            if (!seen.Add(at.Real)) continue;
            foreach (var entry in new DirectoryInfo(at.Path).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                if (!hidden && entry.Name.StartsWith('.')) continue;
                var path = Path.Combine(at.Path, entry.Name);
                if (entry is not DirectoryInfo) yield return Existing(entry, path);
                else if (at.Levels == 1) continue;
                else if (entry.LinkTarget is null) folders.Enqueue((path, Path.Combine(at.Real, entry.Name), at.Levels - 1));
                else links.Enqueue((path, at.Levels - 1));
            }
        }
    }

    private static string Existing(FileSystemInfo entry, string path) =>
        entry.LinkTarget is not { } target || File.Exists(RealPath.Of(path)) ? path
        : throw new FileNotFoundException(
            $"{Path.GetFullPath(path)} is a link to '{target}', where no file is. Remove the link, or put the file there.", path);
}
