using System.Text;
using System.Text.RegularExpressions;

namespace MlNetRllc.Text;

/// <summary>File patterns: <c>*</c> and <c>?</c> within a name, <c>**</c> across folders, always with forward slashes. None of them stands
/// for a dot at the beginning of a name: what is hidden must be named so.</summary>
internal static class GlobPattern
{
    private const string Folders = @"(?:(?!\.)[^/]+/)*";

    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    public static Regex ToRegex(string pattern)
    {
        var text = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var begins = i == 0 || pattern[i - 1] == '/';
            var rest = pattern.AsSpan(i);
            if (begins && rest.StartsWith("**/", StringComparison.Ordinal)) (_, i) = (text.Append(Folders), i + 2);
            else if (begins && rest is "**") (_, i) = (text.Append(Folders + @"(?!\.)[^/]+"), i + 1);
            else if (rest.StartsWith("**", StringComparison.Ordinal)) (_, i) = (text.Append(".*"), i + 1);
            else
                text.Append(begins && rest[0] is '*' or '?' ? @"(?!\.)" : "")
                    .Append(rest[0] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
        }
        return new Regex(text.Append(@"\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    /// <summary>The files that <paramref name="pattern"/> names, in ordinal order; folders on its way that exist by their names are
    /// those.</summary>
    public static IReadOnlyList<string> Files(string pattern)
    {
        var (folder, rest) = Split(pattern);
        if (!IsPattern(rest) || !Directory.Exists(folder)) return [];
        var regex = ToRegex(rest);
        var levels = rest.Contains("**", StringComparison.Ordinal) ? int.MaxValue : rest.Count(c => c == '/') + 1;
        var hidden = rest.StartsWith('.') || rest.Contains("/.", StringComparison.Ordinal);
        return [.. LocalFiles.Beneath(folder, levels, hidden).Where(path => regex.IsMatch(Relative(folder, path)))
            .Order(StringComparer.Ordinal)];
    }

    // Only what no folder is called is a pattern: one may be named 'what?' or 'a[1]*'.
    private static (string Folder, string Pattern) Split(string pattern)
    {
        var full = Path.GetFullPath(pattern);
        var folder = Path.GetPathRoot(full)!;
        var parts = full[folder.Length..].Split('/', '\\');
        var known = 0;
        while (known < parts.Length - 1 && Directory.Exists(Path.Combine(folder, parts[known])))
            folder = Path.Combine(folder, parts[known++]);
        return (folder, string.Join('/', parts[known..]));
    }

    private static string Relative(string folder, string path) =>
        Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
}
