using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetRllc.Foundation;

/// <summary>Says which value makes a column one of texts where numbers are wanted, and how to write it.</summary>
internal static class WrittenNumbers
{
    /// <summary>What pandas, R, SQL and spreadsheets write where there is no number.</summary>
    public static readonly HashSet<string> Missing = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "nan", "-nan", "+nan", "na", "n/a", "<na>", "#n/a", "#na", "null", "none", "nil",
    };

    /// <summary>A sentence on the first value of a column of texts that is no number: its row (from 1) and how to write it.</summary>
    public static string Explain(IDataView table, string column)
    {
        var rows = 0L;
        using var cursor = table.GetRowCursor([table.Schema[column]]);
        var text = cursor.ReadText(column);
        while (cursor.MoveNext())
        {
            rows++;
            if (text() is var value && !IsNumber(value.Trim()))
                return $" Row {rows} (counted from 1) holds '{Shown(value)}'{Wrong(value.Trim())}";
        }
        return rows == 0 ? " The table has no rows."
            : " Its values are numbers or empty, but kept as texts: store them as numbers, in Python "
                + $"with df['{column}'] = pandas.to_numeric(df['{column}']).";
    }

    private static bool IsNumber(string text) => Missing.Contains(text) || text.TrimStart('+', '-').ToUpperInvariant() is "INF"
        || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static string Shown(string value) => value.Length <= 60 ? value : $"{value[..60]}...";

    private const string Signs = ",.+-\u2212'\u2019";

    // What is left of a number once its marks are gone are digits, and an exponent where there is one.
    private static string Wrong(string value)
    {
        var bare = new string([.. value.Where(c => !Signs.Contains(c, StringComparison.Ordinal) && !char.IsWhiteSpace(c))]);
        if (bare.Length == 0 || !char.IsDigit(bare[0]) || !double.TryParse(bare, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            return ", which is no number.";
        var found = new List<string>();
        if (value.Contains('\u2212', StringComparison.Ordinal)) found.Add("the minus sign U+2212");
        if (value.Contains(',', StringComparison.Ordinal))
            found.Add(IsGrouped(value) ? "a comma, a decimal comma or one between thousands" : "a decimal comma");
        if (found.Count == 0) return ", which is no number: write its digits without anything between them but a decimal point.";
        return $": it is written with {string.Join(" and ", found)}. "
            + "Write the numbers with a decimal point, the minus sign '-' and nothing between thousands: "
            + "in Python, df.to_csv(path); in a spreadsheet, under a region that does so.";
    }

    private static bool IsGrouped(string value)
    {
        var groups = value.TrimStart('+', '-', '\u2212').Split('.')[0].Split(',');
        return groups is [{ Length: >= 1 and <= 3 } first, .. { } more]
            && first != "0" && more.Length > 0 && more.All(m => m.Length == 3);
    }
}
