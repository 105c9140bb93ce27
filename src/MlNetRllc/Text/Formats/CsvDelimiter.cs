using System.Text;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Text.Formats;

/// <summary>What separates the fields of a table of text.</summary>
internal static class CsvDelimiter
{
    private const int LongestHeader = 1 << 20;

    /// <summary>By the file's ending (tabs, bars), by a first line <c>sep=;</c> as Excel takes it, else by the header: commas; semicolons,
    /// tabs or bars where it has no comma.</summary>
    /// <returns>The delimiter, and whether the first line is no header but says so.</returns>
    public static (string Delimiter, bool FirstLineSaysIt) DelimiterIn(SourceFile file, TextReader text)
    {
        var header = HeaderOf(text);
        if (header.Length == 5 && header.StartsWith("sep=", StringComparison.OrdinalIgnoreCase)) return (header[4..], true);
        return Path.GetExtension(Compression.Inner(file.Name)).ToUpperInvariant() switch
        {
            ".TSV" or ".TAB" => ("\t", false),
            ".PSV" => ("|", false),
            _ => (((string[])[",", ";", "\t", "|"]).FirstOrDefault(d => header.Contains(d, StringComparison.Ordinal), ","), false),
        };
    }

    /// <summary>How messages name it.</summary>
    public static string Named(string delimiter) => delimiter switch
    {
        "," => "commas",
        ";" => "semicolons",
        "\t" => "tabs",
        "|" => "bars (|)",
        _ => $"'{delimiter}'",
    };

    // The first line that is not blank, without what is quoted in it.
    private static string HeaderOf(TextReader text)
    {
        var (header, quoted) = (new StringBuilder(), false);
        for (var i = 0; i < LongestHeader && text.Read() is >= 0 and var read; i++)
        {
            if (read == '"') quoted = !quoted;
            else if (quoted) continue;
            else if (read is not ('\r' or '\n')) header.Append((char)read);
            else if (header.Length > 0) break;
        }
        return header.ToString();
    }
}
