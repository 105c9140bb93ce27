using System.Text.RegularExpressions;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>Names that become parts of paths, and paths that stay in the folder that they belong to.</summary>
/// <remarks>A name is checked when a file is read, a path whenever something is written:
/// first each of its parts, then where it leads, links followed.</remarks>
internal static partial class SafePath
{
    /// <summary>What <see cref="IsName"/> asks for, in words.</summary>
    public const string NameRule =
        "use letters, digits, '-', '_' and '.', at most 100 of them, beginning with a letter, a digit or '_', "
        + "not ending in '.', and no name of a device (nul, con, com1 ...)";

    private const int LongestName = 100;

    /// <summary>Whether a name of a step, dataset, axis or run is fit for files of any system.</summary>
    public static bool IsName(string? name) =>
        name is { Length: <= LongestName } && Name().IsMatch(name) && PortableName.IsFit(name);

    /// <summary>The path of a file or folder below another, which it is not led out of by <c>..</c>, a rooted part or a link.</summary>
    /// <param name="root">The folder that it must lie in; it may be a link itself.</param>
    /// <param name="parts">Names, one a level.</param>
    /// <returns>The parts behind the root, no link replaced.</returns>
    /// <exception cref="IOException">It would lie elsewhere.</exception>
    public static string Within(string root, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
            if (!PortableName.IsFit(part)) throw new IOException($"'{Shown(part)}' cannot name a file or folder in {root}.");
        var path = Path.Combine([root, .. parts]);
        CheckWithin(root, path);
        return path;
    }

    /// <summary>Refuses a path that a link leads out of the folder that it must lie in.</summary>
    /// <exception cref="IOException">It lies elsewhere.</exception>
    public static void CheckWithin(string root, string path)
    {
        if (!Contains(root, path))
        {
            throw new IOException(
                $"{path} leads to {RealPath.Resolve(path)}, outside {root}. A run writes in its own folder only: "
                + "remove the link, or keep the whole run elsewhere (--runs).");
        }
    }

    /// <summary>Whether a path leads into a folder, or is that folder, once the links of both are followed.</summary>
    public static bool Contains(string root, string path)
    {
        var (whole, inner) = (RealPath.Resolve(root), RealPath.Resolve(path));
        var folder = Path.EndsInDirectorySeparator(whole) ? whole : whole + Path.DirectorySeparatorChar;
        return inner == whole || inner.StartsWith(folder, StringComparison.Ordinal);
    }

    /// <summary>A name as it can be printed.</summary>
    public static string Shown(string? name) => Unprintable().Replace(name ?? "", match => $"\\u{(int)match.Value[0]:x4}");

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"[\p{Cc}\p{Cf}\u2028\u2029]")]
    private static partial Regex Unprintable();
}
