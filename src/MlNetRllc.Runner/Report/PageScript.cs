using System.Text;
using System.Text.RegularExpressions;

namespace MlNetRllc.Runner.Report;

/// <summary>Puts the page's modules into one script: a file from a disk may not import others. Each module keeps a scope of its own
/// and gives the names that it exports to those that import them.</summary>
internal static partial class PageScript
{
    /// <summary>The script of a module and of all that it imports, those first that others need.</summary>
    /// <param name="entry">Name of the module to begin with.</param>
    /// <param name="read">The text of a module by its name, such as <c>charts/axes.js</c>.</param>
    /// <exception cref="InvalidOperationException">Modules import each other in a circle.</exception>
    public static string Bundle(string entry, Func<string, string> read)
    {
        var script = new StringBuilder("'use strict';\nconst $modules = {};\n");
        foreach (var (name, text) in InOrder(entry, read))
        {
            script.Append("$modules['").Append(name).Append("'] = (() => {\n").Append(Body(name, text))
                .Append("\nreturn { ").AppendJoin(", ", Exports(text)).Append(" };\n})();\n");
        }
        return script.ToString();
    }

    /// <summary>A module and all that it imports, each once, after those that it needs.</summary>
    /// <inheritdoc cref="Bundle"/>
    public static IReadOnlyList<(string Name, string Text)> InOrder(string entry, Func<string, string> read)
    {
        var done = new List<(string Name, string Text)>();
        var doing = new List<string>();
        Visit(entry);
        return done;

        void Visit(string name)
        {
            if (done.Any(m => m.Name == name)) return;
            if (doing.Contains(name))
                throw new InvalidOperationException($"Modules of the page import each other: {string.Join(" > ", doing.Append(name))}.");
            doing.Add(name);
            var text = read(name);
            foreach (var needed in Imports(name, text)) Visit(needed);
            doing.RemoveAt(doing.Count - 1);
            done.Add((name, text));
        }
    }

    /// <summary>Names of the modules that a module imports, as they stand from the page's folder.</summary>
    public static IEnumerable<string> Imports(string name, string text) =>
        Import().Matches(text).Select(m => From(name, m.Groups[2].Value));

    private static IEnumerable<string> Exports(string text) => Export().Matches(text).Select(m => m.Groups[1].Value);

    // Types are for whoever writes the modules; on the page they would be a quarter of the script.
    private static string Body(string name, string text) => ExportWord().Replace(
        Import().Replace(
            Types().Replace(text, ""), m => $"const {{{m.Groups[1].Value}}} = $modules['{From(name, m.Groups[2].Value)}'];"), "");

    private static string From(string name, string path)
    {
        var parts = new List<string>(name.Split('/')[..^1]);
        foreach (var part in path.Split('/').Where(p => p != "."))
        {
            if (part == "..") parts.RemoveAt(parts.Count - 1);
            else parts.Add(part);
        }
        return string.Join('/', parts);
    }

    [GeneratedRegex(@"^import \{([^}]*)\} from '([^']+)';\r?$", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"^export (?:const|async function|function) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Export();

    [GeneratedRegex(@"[ \t]*/\*\*.*?\*/(\r?\n(?=[ \t]*\S))?", RegexOptions.Singleline)]
    private static partial Regex Types();

    [GeneratedRegex("^export ", RegexOptions.Multiline)]
    private static partial Regex ExportWord();
}
