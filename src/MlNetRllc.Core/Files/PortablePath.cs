namespace MlNetRllc.Core.Files;

/// <summary>Paths as they are named and ordered alike on every system.</summary>
/// <remarks>What is hashed or counted follows from the order of files. As they stand, <c>sub/x</c> comes
/// before <c>sub1</c>, and <c>sub\x</c> after it.</remarks>
public static class PortablePath
{
    /// <summary>The order of paths: ordinal, whatever parts folders being taken as '/'.</summary>
    public static IComparer<string> Order { get; } = OrderWhere(Path.DirectorySeparatorChar);

    /// <summary>The path of a file or folder from another, with '/'.</summary>
    /// <param name="folder">Where the path begins.</param>
    /// <param name="path">Where it leads.</param>
    public static string Relative(string folder, string path) =>
        WithSlashes(Path.GetRelativePath(folder, path), Path.DirectorySeparatorChar);

    /// <summary>A path of a system with another separator, with '/'. Where '/' is the separator, a
    /// backslash is a character like others and stays.</summary>
    internal static string WithSlashes(string path, char separator) => path.Replace(separator, '/');

    /// <summary><see cref="Order"/> on a system with this separator.</summary>
    internal static IComparer<string> OrderWhere(char separator) =>
        Comparer<string>.Create((a, b) => string.CompareOrdinal(WithSlashes(a, separator), WithSlashes(b, separator)));
}
