using System.Text;

namespace MlNetRllc.Tables;

/// <summary>Splits comma-separated text as RFC 4180 defines it; with another separator where one is given.</summary>
internal static class CsvRecords
{
    /// <summary>The records of a text; a line break at the end is not one more record.</summary>
    /// <param name="text">The text; line breaks are those of any system.</param>
    /// <param name="source">What it is called in messages.</param>
    /// <param name="separator">What stands between values.</param>
    /// <param name="skipBlanks">Whether blanks after a separator belong to it.</param>
    /// <exception cref="InvalidDataException">A quoted value is not closed.</exception>
    public static IEnumerable<string[]> Records(string text, string source, char separator = ',', bool skipBlanks = false) =>
        Cells(text, source, separator, skipBlanks).Select(record => Array.ConvertAll(record, cell => cell.Text));

    /// <summary>As <see cref="Records"/>, and whether a value begins with a quote.</summary>
    public static IEnumerable<(string Text, bool Quoted)[]> Cells(string text, string source, char separator, bool skipBlanks)
    {
        var record = new List<(string, bool)>();
        var value = new StringBuilder();
        var (at, line) = (0, 1);
        var (begins, quoted) = (true, false);
        while (at < text.Length)
        {
            if (begins && skipBlanks && text[at] == ' ')
            {
                at++;
                continue;
            }
            if (begins && text[at] == '"')
            {
                at = Quoted(text, at + 1, value, source, ref line);
                (begins, quoted) = (false, true);
                continue;
            }
            begins = false;
            var c = text[at++];
            if (c == separator) Close();
            else if (c is '\r' && at < text.Length && text[at] == '\n') continue;
            else if (c is '\r' or '\n')
            {
                Close();
                yield return [.. record];
                record.Clear();
                line++;
            }
            else value.Append(c);
        }
        if (record.Count == 0 && value.Length == 0 && !quoted) yield break;
        Close();
        yield return [.. record];

        void Close()
        {
            record.Add((value.ToString(), quoted));
            value.Clear();
            (begins, quoted) = (true, false);
        }
    }

    // Reads on to the closing quote; a doubled one stands for itself. Gives the place behind it.
    private static int Quoted(string text, int at, StringBuilder value, string source, ref int line)
    {
        var opened = line;
        for (; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                if (at + 1 >= text.Length || text[at + 1] != '"') return at + 1;
                at++;
            }
            else if (text[at] == '\n') line++;
            value.Append(text[at]);
        }
        throw new InvalidDataException($"{source}: the quote that opens in line {opened} is not closed.");
    }
}
