namespace MlNetRllc.Core.Files;

/// <summary>Where a path leads once every link on its way is followed: all names of one folder have
/// the same.</summary>
public static class RealPath
{
    private const int MostLinks = 40;

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>The full path without a link in it, the last part included. What does not exist is
    /// taken as no link.</summary>
    /// <param name="path">A file or folder.</param>
    /// <exception cref="IOException">The links lead back to themselves.</exception>
    public static string Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var (rest, links) = (new Stack<string>(), 0);
        Push(full[real.Length..]);
        while (rest.TryPop(out var name))
        {
            if (name == "..") real = Path.GetDirectoryName(real) ?? real;
            else if (new FileInfo(Path.Combine(real, name)).LinkTarget is not { } target)
                real = Path.Combine(real, name);
            else
            {
                if (++links > MostLinks)
                    throw new IOException(
                        $"{path} is a link that leads back to itself in a circle, or through more than {MostLinks} links.");
                // A link is relative to the folder that it lies in.
                var root = Path.GetPathRoot(target) ?? "";
                if (root.Length > 0) real = root;
                Push(target[root.Length..]);
            }
        }
        return real;

        void Push(string relative)
        {
            foreach (var name in relative.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Reverse())
                if (name != ".") rest.Push(name);
        }
    }
}
