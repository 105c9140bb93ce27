using MlNetRllc.Core.Files;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Text.Sources;

/// <summary>A file that a walk came by.</summary>
/// <param name="Path">The name it has on this way.</param>
/// <param name="Real">Its name in the folder that really holds it.</param>
internal readonly record struct FoundFile(string Path, string Real);

/// <summary>Walks a folder and what lies below it, through links to folders as well.</summary>
/// <remarks>
/// What a walk looks for below a folder is a number, such as how much of a pattern is behind it. A real folder is entered once for each
/// number, whatever links lead to it, so that the walk ends, and its own name goes before a link's.
/// </remarks>
internal static class FolderWalk
{
    /// <summary>The files that are looked for, by every way that tells something new, those without a link on it first.</summary>
    /// <param name="folder">Where to begin, looking for 0.</param>
    /// <param name="wants">Whether a file of this name is looked for.</param>
    /// <param name="below">What to look for in a folder of this name; nothing to leave it out.</param>
    public static IEnumerable<FoundFile> Files(
        string folder, Func<int, string, bool> wants, Func<int, string, IEnumerable<int>> below)
    {
        var seen = new HashSet<(string Real, int For)>();
        // Links wait until the tree itself is known, so that a folder in it is never read by a link's name.
        var (folders, links) = (new Queue<(string Path, string Real, int For)>(), new Queue<(string Path, int For)>());
        folders.Enqueue((folder, RealPath.Resolve(folder), 0));
        while (folders.Count > 0 || links.Count > 0)
        {
            if (!folders.TryDequeue(out var at))
            {
                var link = links.Dequeue();
                at = (link.Path, RealPath.Resolve(link.Path), link.For);
            }
            if (!seen.Add((at.Real, at.For))) continue;
            foreach (var entry in new DirectoryInfo(at.Path).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                var path = Path.Combine(at.Path, entry.Name);
                if (entry is not DirectoryInfo)
                {
                    if (wants(at.For, entry.Name)) yield return new(path, Path.Combine(at.Real, entry.Name));
                    continue;
                }
                foreach (var next in below(at.For, entry.Name))
                    if (entry.LinkTarget is null) folders.Enqueue((path, Path.Combine(at.Real, entry.Name), next));
                    else links.Enqueue((path, next));
            }
        }
    }
}
