using System.Text;
using System.Text.RegularExpressions;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Text.Sources;

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

    /// <summary>The files that <paramref name="pattern"/> names, in the order of <see cref="LocalFiles"/>; folders on its way that
    /// exist by their names are those.</summary>
    public static IReadOnlyList<string> Files(string pattern)
    {
        var (folder, rest) = Split(pattern);
        if (!IsPattern(rest) || !Directory.Exists(folder)) return [];
        var parts = rest.Split('/').ToList();
        for (var i = parts.Count - 1; i > 0; i--)
            if (parts[i] == "**" && parts[i - 1] == "**") parts.RemoveAt(i);
        if (parts[^1] == "**") parts.Add("*");
        return LocalFiles.Read(parts.Exists(part => part != "**" && part.Contains("**", StringComparison.Ordinal))
            ? Across(folder, rest) : Walk(folder, parts));
    }

    /// <summary>The files below a folder that a pattern's parts name, one for each folder on the way: what is looked for is the part
    /// that comes next.</summary>
    private static IEnumerable<FoundFile> Walk(string folder, List<string> parts)
    {
        var names = parts.ConvertAll(ToRegex);
        return FolderWalk.Files(folder, (part, name) => Reached(part).Contains(parts.Count - 1) && names[^1].IsMatch(name), Below);

        // No folder at all may stand for **.
        int[] Reached(int part) => parts[part] == "**" ? [part, part + 1] : [part];

        IEnumerable<int> Below(int part, string name) => Reached(part)
            .Where(at => at < parts.Count - 1 && names[at].IsMatch(name)).Select(at => parts[at] == "**" ? at : at + 1).Distinct();
    }

    /// <summary>The files below a folder whose paths match as a whole, where ** within a name goes across folders.</summary>
    private static IEnumerable<FoundFile> Across(string folder, string pattern)
    {
        var (regex, hidden) = (ToRegex(pattern), pattern.StartsWith('.') || pattern.Contains("/.", StringComparison.Ordinal));
        return LocalFiles.Beneath(folder, hidden).Where(file => regex.IsMatch(PortablePath.Relative(folder, file.Path)));
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
}
