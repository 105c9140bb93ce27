using System.Text;
using System.Text.RegularExpressions;

namespace MlNetRllc.Text;

/// <summary>File patterns: <c>*</c> and <c>?</c> within a name, <c>**</c> across folders, always with forward slashes.</summary>
internal static class GlobPattern
{
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    public static Regex ToRegex(string pattern)
    {
        var text = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern.AsSpan(i).StartsWith("**/", StringComparison.Ordinal)) (_, i) = (text.Append("(?:.*/)?"), i + 2);
            else if (pattern.AsSpan(i).StartsWith("**", StringComparison.Ordinal)) (_, i) = (text.Append(".*"), i + 1);
            else text.Append(pattern[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
        }
        return new Regex(text.Append('$').ToString(), RegexOptions.CultureInvariant);
    }

    /// <summary>The files that <paramref name="pattern"/> names, in ordinal order.</summary>
    public static IReadOnlyList<string> Files(string pattern)
    {
        var normal = Path.GetFullPath(pattern).Replace('\\', '/');
        var first = normal.AsSpan().IndexOfAny('*', '?');
        var folder = normal[..(normal.LastIndexOf('/', first) + 1)];
        if (!Directory.Exists(folder)) return [];
        var regex = ToRegex(normal);
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => regex.IsMatch(path.Replace('\\', '/'))).Order(StringComparer.Ordinal)];
    }
}
