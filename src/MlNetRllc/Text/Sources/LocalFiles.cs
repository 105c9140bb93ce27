using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Text.Sources;

/// <summary>Which files a path names: the one rule for what is read, what its identity follows from and how much there is.</summary>
/// <remarks>
/// What exists by the name is that, whatever characters it holds; only else it is a pattern. In a folder, whatever begins with a dot
/// is left out, files and folders, and so are named pipes, sockets and devices. Each file of a real folder is there once: by its own
/// name where that is asked for, else by the first link to its folder.
/// </remarks>
internal static class LocalFiles
{
    /// <summary>The files, in the order of <see cref="PortablePath.Order"/>; none when nothing is there.</summary>
    /// <exception cref="FileNotFoundException">A link leads nowhere; the message names both ends.</exception>
    /// <exception cref="InvalidDataException">The path names a pipe, a socket or a device.</exception>
    /// <exception cref="IOException">A link leads back to itself.</exception>
    public static IReadOnlyList<string> FilesAt(string path) =>
        File.Exists(path) ? SpecialFile.IsAt(Existing(path)) ? throw SpecialFile.Refusal(Path.GetFullPath(path)) : [path]
        : Directory.Exists(path) ? Read(Beneath(path))
        : GlobPattern.Files(path);

    /// <summary>Those of the files found that are read, in the same order.</summary>
    /// <exception cref="IOException">A link among them leads nowhere.</exception>
    public static IReadOnlyList<string> Read(IEnumerable<FoundFile> found)
    {
        // Links to one file are files of their own: a cache keeps equal files once and links to them.
        var files = found.DistinctBy(file => file.Real, StringComparer.Ordinal).Select(file => Existing(file.Path));
        return [.. files.Where(path => !SpecialFile.IsAt(path)).Order(PortablePath.Order)];
    }

    /// <summary>The files in a folder and its folders.</summary>
    /// <param name="folder">Where to begin.</param>
    /// <param name="hidden">Whether names that begin with a dot count.</param>
    public static IEnumerable<FoundFile> Beneath(string folder, bool hidden = false)
    {
        return FolderWalk.Files(folder, (_, name) => Counts(name), (_, name) => Counts(name) ? [0] : []);

        bool Counts(string name) => hidden || !name.StartsWith('.');
    }

    private static string Existing(string path) =>
        new FileInfo(path).LinkTarget is not { } target || File.Exists(RealPath.Resolve(path)) ? path
        : throw new FileNotFoundException(
            $"{Path.GetFullPath(path)} is a link to '{target}', where no file is. Remove the link, or put the file there.", path)
            .About(ErrorPage.TextNotFound);
}
