using System.Text;

namespace MlNetRllc.Tables;

/// <summary>Splits comma-separated text as RFC 4180 defines it.</summary>
internal static class CsvText
{
    /// <summary>The records of a text; a line break at the end is not one more record.</summary>
    /// <exception cref="InvalidDataException">A quoted value is not closed.</exception>
    public static IEnumerable<string[]> Records(string text, string source)
    {
        var (record, value, at) = (new List<string>(), new StringBuilder(), 0);
        while (at < text.Length)
        {
            if (text[at] == '"' && value.Length == 0)
            {
                var start = at++;
                while (true)
                {
                    if (at >= text.Length) throw new InvalidDataException($"{source}: the quote at character {start} is not closed.");
                    if (text[at] != '"') value.Append(text[at++]);
                    else if (at + 1 < text.Length && text[at + 1] == '"')
                    {
                        value.Append('"');
                        at += 2;
                    }
                    else break;
                }
                at++;
                continue;
            }
            switch (text[at++])
            {
                case ',':
                    record.Add(value.ToString());
                    value.Clear();
                    break;
                case '\r' when at < text.Length && text[at] == '\n':
                    break;
                case '\n':
                    record.Add(value.ToString());
                    value.Clear();
                    yield return [.. record];
                    record.Clear();
                    break;
                case var c:
                    value.Append(c);
                    break;
            }
        }
        if (record.Count == 0 && value.Length == 0) yield break;
        record.Add(value.ToString());
        yield return [.. record];
    }
}
