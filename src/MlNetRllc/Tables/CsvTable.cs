using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MlNetRllc.Core.Files;
using MlNetRllc.Foundation;

namespace MlNetRllc.Tables;

/// <summary>Reads tables of text, of this and of other programs; the types of columns follow from their values.</summary>
internal static partial class CsvTable
{
    /// <summary>Strict, so that a file in another encoding is refused instead of read with holes.</summary>
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly HashSet<string> NotANumber = new(StringComparer.OrdinalIgnoreCase) { "nan", "-nan", "+nan" };

    /// <summary>Reads a table whose first line names its columns.</summary>
    /// <exception cref="InvalidDataException">See <see cref="RllcCatalog.LoadTable"/>.</exception>
    public static List<TableColumn> Read(string path)
    {
        var text = TextOf(path);
        var separator = SeparatorOf(path, ref text);
        var spaced = Spaced(text, separator);
        var records = CsvRecords.Cells(text, path, separator, spaced).ToList();
        if (records.Count == 0) throw new InvalidDataException($"{path} is empty; the first line must name the columns.");
        var names = Array.ConvertAll(records[0], n => n.Text);
        // A line without anything is a value only where a line holds one value.
        var rows = records.Skip(1).Where(r => names.Length == 1 || r is not [("", _)]).ToList();
        for (var i = 0; i < rows.Count; i++)
            if (rows[i].Length != names.Length)
                throw new InvalidDataException($"{path}: row {i + 1} has {rows[i].Length} values; the first line names {names.Length} "
                    + $"columns, separated by {Named(separator)}. A value with one in it, as a decimal comma, needs quotes.");
        var columns = new List<TableColumn>();
        for (var c = 0; c < names.Length; c++)
        {
            string[] texts = [.. rows.Select(r => r[c].Text)];
            if (IsIndex(names[c], c + 1, texts)) continue;
            var name = ColumnNames.OrNumbered(names[c], c + 1);
            // Who quotes a name and each of its values, but not every name, says that they are texts. Numbers may be quoted in any file.
            var marked = records[0][c].Quoted && records[0].Any(n => !n.Quoted) && !ColumnNames.AreNumbers(name)
                && rows.Count > 0 && rows.All(r => r[c].Quoted);
            columns.Add(marked ? Texts(name, texts) : Typed(path, name, texts, separator));
        }
        return ColumnNames.Checked(columns, path);
    }

    /// <summary>Whether a column, written without quotes, would be read as one of texts.</summary>
    public static bool AreTexts(TableColumn column) => column.Count == 0
        || Typed("", column.Name, [.. Enumerable.Range(0, column.Count).Select(column.Format)], ',') is TextTableColumn;

    private static string TextOf(string path)
    {
        try
        {
            if (SharedFile.ReadAllText(path, Utf8) is var text && !text.Contains('\0', StringComparison.Ordinal)) return text;
        }
        catch (DecoderFallbackException)
        {
        }
        throw new InvalidDataException($"{path} holds bytes that are not UTF-8. Save it as UTF-8, in a spreadsheet as \"CSV UTF-8\".");
    }

    private static char SeparatorOf(string path, ref string text)
    {
        // A spreadsheet may name the separator in a line of its own.
        if (SeparatorLine().Match(text) is { Success: true } named)
        {
            text = text[named.Length..];
            return named.Groups[1].Value[0];
        }
        var first = Quoted().Replace(FirstLine(text), "");
        var order = Path.GetExtension(path).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? "\t,;" : ",;\t";
        return order.FirstOrDefault(first.Contains, ',');
    }

    private static bool Spaced(string text, char separator) =>
        Quoted().Replace(FirstLine(text), "x").Split(separator) is [_, _, ..] names && names.Skip(1).All(n => n.StartsWith(' '));

    private static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] : text;

    private static string Named(char separator) =>
        separator switch { ',' => "commas", ';' => "semicolons", '\t' => "tabs", _ => $"'{separator}'" };

    // The counted rows that pandas and R put in front, or what a separator at each line's end makes.
    private static bool IsIndex(string name, int place, string[] texts) => string.IsNullOrWhiteSpace(name)
        && (texts.All(t => t.Length == 0) || place == 1 && (Counts(texts, 0) || Counts(texts, 1)));

    private static bool Counts(string[] texts, int from) =>
        texts.Index().All(t => t.Item == (t.Index + from).ToString(CultureInfo.InvariantCulture));

    private static TableColumn Typed(string path, string name, string[] texts, char separator)
    {
        if (ColumnNames.AreTexts(name)) return Texts(name, texts);
        var present = texts.Index().Where(t => !WrittenNumbers.Missing.Contains(t.Item.Trim())).ToList();
        // Gaps alone do not make a column of numbers, but what is written for a missing number does.
        if (present.Count == 0 && !texts.Any(t => NotANumber.Contains(t.Trim()))) return Texts(name, texts);
        if (present.Count > 0 && present.All(t => bool.TryParse(t.Item, out _)))
            return GappedColumns.OfTruths(name, [.. texts.Select(t => bool.TryParse(t, out var truth) ? truth : (bool?)null)]);
        // Numbers for names (007) lose their zeros as numbers.
        if (!ColumnNames.AreNumbers(name) && present.Any(t => LeadingZero().IsMatch(t.Item))) return Texts(name, texts);
        if (separator == ';') CheckThousands(path, name, [.. present.Select(t => (t.Index + 1, t.Item.Trim()))]);
        if (Parsed<int>(texts) is { } small && present.Count > 0) return GappedColumns.OfNumbers(name, small);
        if (Parsed<long>(texts) is { } large && present.Count > 0) return GappedColumns.OfNumbers(name, large);
        if (Parsed<ulong>(texts) is { } largest && present.Count > 0) return GappedColumns.OfNumbers(name, largest);
        if (Parsed<double>(texts) is { } numbers) return GappedColumns.OfNumbers(name, numbers);
        if (separator != ',' && present.Any(t => t.Item.Contains(',', StringComparison.Ordinal))
            && present.All(t => DecimalComma().IsMatch(t.Item)))
            throw new InvalidDataException($"{path}: the column '{name}' writes numbers with a decimal comma (row {present[0].Index + 1}: "
                + $"'{present[0].Item}'); a decimal point is wanted. Save it again with one: in Python, df.to_csv(path); "
                + "in a spreadsheet, under a region that uses it.");
        return Texts(name, texts);
    }

    // Where values of more digits have a point before the last three and others none, either is a fraction or a thousand.
    private static void CheckThousands(string path, string name, (int Row, string Text)[] values)
    {
        var (row, grouped) = values.FirstOrDefault(v => Thousand().IsMatch(v.Text));
        var (_, whole) = values.FirstOrDefault(v => ShortWhole().IsMatch(v.Text));
        if (grouped is null || whole is null || !values.All(v => Thousand().IsMatch(v.Text) || ShortWhole().IsMatch(v.Text))) return;
        var thousands = grouped.Replace(".", "", StringComparison.Ordinal);
        throw new InvalidDataException($"{path}: the column '{name}' holds '{whole}' and '{grouped}' (row {row}): that may be "
            + $"{grouped} with a decimal point or {thousands} with one between thousands. Write it as {thousands}, "
            + $"or give every value of the column its decimals ({whole}.0), in Python df.to_csv(path).");
    }

    /// <summary>The numbers that texts write, null for a gap; null when one of them is no <typeparamref name="T"/>.</summary>
    private static T?[]? Parsed<T>(string[] texts) where T : unmanaged, System.Numerics.INumber<T>
    {
        var whole = typeof(T) != typeof(double);
        var numbers = new T?[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            var text = texts[i].Trim();
            if (WrittenNumbers.Missing.Contains(text)) continue;
            if (Infinity().Match(text) is { Success: true } infinite) text = infinite.Groups[1].Value is "-" ? "-Infinity" : "Infinity";
            // As a whole number, a negative zero would lose its sign.
            var style = whole ? NumberStyles.AllowLeadingSign : NumberStyles.Float;
            if (whole && text == "-0" || !T.TryParse(text, style, CultureInfo.InvariantCulture, out var number)) return null;
            numbers[i] = number;
        }
        return numbers;
    }

    private static TextTableColumn Texts(string name, string[] texts)
    {
        var column = new TextTableColumn(name);
        foreach (var text in texts) column.Add(text);
        return column;
    }

    [GeneratedRegex(@"^sep=(.)\r?\n", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SeparatorLine();

    [GeneratedRegex(@"^\s*[+-]?0\d+\s*$")]
    private static partial Regex LeadingZero();

    [GeneratedRegex(@"^[+-]?[1-9]\d{0,2}\.\d{3}$")]
    private static partial Regex Thousand();

    [GeneratedRegex(@"^[+-]?(?:0|[1-9]\d{0,2})$")]
    private static partial Regex ShortWhole();

    [GeneratedRegex("\"(?:[^\"]|\"\")*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^([+-]?)inf(?:inity)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Infinity();

    // Either sign, digits that may be in groups of three, and decimals behind a comma where there are any.
    [GeneratedRegex(@"^\s*[+\-\u2212]?(?:\d+|\d{1,3}(?:[.\u0020\u00a0\u202f'\u2019]\d{3})+)(?:,\d+)?(?:[eE][+-]?\d+)?\s*$")]
    private static partial Regex DecimalComma();
}
