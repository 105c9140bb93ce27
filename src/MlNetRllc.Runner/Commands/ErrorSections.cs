using MlNetRllc.Core.Errors;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Commands;

/// <summary>The sections of <c>errors.md</c>, which comes along with the program.</summary>
internal static class ErrorSections
{
    /// <summary>What stands before a section's name: <c>rllc explain error NAME</c>.</summary>
    public const string Word = "error";

    private const string File = "errors.md", Mark = "## ";

    private static readonly Lazy<IReadOnlyDictionary<string, string>> Read = new(() => Parse(Text()));

    /// <summary>Texts by the names of their sections, in the order of the page.</summary>
    public static IReadOnlyDictionary<string, string> All => Read.Value;

    /// <summary>Prints a section, or the names of all when none is asked for.</summary>
    /// <returns>The exit code.</returns>
    public static int Print(string? asked)
    {
        if (asked is null)
        {
            foreach (var known in All.Keys) Console.WriteLine(known);
            return 0;
        }
        var name = asked[(asked.LastIndexOf('#') + 1)..];
        if (!All.TryGetValue(name, out var text))
            throw new PipelineException($"there is no error '{name}'.{NearestName.Hint(name, All.Keys)}");
        Console.WriteLine(text);
        return 0;
    }

    /// <summary>The name of a heading, as pages of Markdown link to it.</summary>
    public static string NameOf(string heading) => new(
        [.. heading.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-').Select(c => c == ' ' ? '-' : char.ToLowerInvariant(c))]);

    private static Dictionary<string, string> Parse(string page)
    {
        var sections = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in ("\n" + page).Split("\n" + Mark)[1..])
            sections.Add(NameOf(part.Split('\n')[0]), part.Trim());
        return sections;
    }

    private static string Text()
    {
        using var reader = new StreamReader(typeof(ErrorSections).Assembly.GetManifestResourceStream(File)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
