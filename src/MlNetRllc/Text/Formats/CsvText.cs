using System.Text.RegularExpressions;
using CsvHelper;
using CsvHelper.Configuration;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Text.Formats;

/// <summary>Tables of text with a header line, separated by commas, semicolons, tabs or bars: a row is a document.</summary>
internal static partial class CsvText
{
    [GeneratedRegex(@"\A""(?:[^""]|"""")*""\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex QuotedField { get; }

    public static IEnumerable<TextDocument> Read(SourceFile file, FormatSettings settings)
    {
        var (delimiter, firstLineSaysIt) = DelimiterOf(file);
        using var reader = new StreamReader(file.OpenDecompressed(), PieceReader.Strict);
        using var csv = new CsvReader(reader, new CsvConfiguration(System.Globalization.CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter,
            MaxFieldSize = settings.LongestDocument,
            BadDataFound = bad => RefuseBrokenQuotes(bad, file),
        });
        if (firstLineSaysIt) Next(csv, file);
        if (!Next(csv, file) || !Guarded(csv, file, csv.ReadHeader))
            throw new InvalidDataException($"{file.Name} is empty; expected a header line with the names of columns.");
        var place = $"{file.Name}, read as separated by {CsvDelimiter.Named(delimiter)}";
        var column = TextFields.Choose(csv.HeaderRecord!, settings.TextColumn, place);
        foreach (var name in settings.NeededFields.Append(column)) CheckOne(csv.HeaderRecord!, name, place);
        var index = Array.IndexOf(csv.HeaderRecord!, column);
        while (Next(csv, file))
        {
            if (csv.Parser.Count != csv.HeaderRecord!.Length)
                throw new InvalidDataException(
                    $"{file.Name}:{csv.Parser.RawRow}: "
                    + $"{csv.Parser.Count} fields where the header has {csv.HeaderRecord.Length}.");
            var values = Enumerable.Range(0, csv.Parser.Count).Select(i => csv.GetField(i) ?? "").ToArray();
            if (string.IsNullOrWhiteSpace(values[index])) continue;
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < values.Length; i++)
                if (i != index) fields[csv.HeaderRecord[i]] = values[i];
            yield return new TextDocument(values[index], $"{file.Name}:{csv.Parser.RawRow}", fields);
        }
    }

    private static void CheckOne(string[] header, string name, string place)
    {
        var count = header.Count(column => column == name);
        if (count == 0) throw TextFields.NoneToFilterBy(header, name, place);
        if (count > 1) throw new InvalidDataException($"{place}: {count} columns are named '{name}'. Rename all but one.");
    }

    private static (string Delimiter, bool FirstLineSaysIt) DelimiterOf(SourceFile file)
    {
        using var reader = new StreamReader(file.OpenDecompressed(), PieceReader.Strict);
        try { return CsvDelimiter.DelimiterIn(file, reader); }
        catch (System.Text.DecoderFallbackException e) { throw NotUtf8(file, 1, e); }
    }

    // A mark within a field is text; a field that begins with one and is not closed by one would take its neighbours in.
    private static void RefuseBrokenQuotes(BadDataFoundArgs bad, SourceFile file)
    {
        if (!bad.Field.StartsWith('"') || QuotedField.IsMatch(bad.Field)) return;
        var field = Short(bad.Field.ReplaceLineEndings(" "));
        throw new InvalidDataException($"{file.Name}:{bad.Context.Parser!.RawRow}: the quotation mark that the field {field} begins with "
            + "is not closed at its end. Write marks within a quoted field twice (\"\"), not behind a backslash.");
    }

    private static string Short(string field) => field.Length > 60 ? $"{field[..60]}..." : field;

    private static bool Next(CsvReader csv, SourceFile file) => Guarded(csv, file, csv.Read);

    private static T Guarded<T>(CsvReader csv, SourceFile file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvHelperException e)
        {
            throw new InvalidDataException($"{file.Name}:{csv.Parser.RawRow}: {e.Message.Split('\n')[0]}", e);
        }
        catch (System.Text.DecoderFallbackException e)
        {
            throw NotUtf8(file, csv.Parser.RawRow, e);
        }
    }

    private static InvalidDataException NotUtf8(SourceFile file, int line, Exception e) =>
        new($"{file.Name}:{line}: bytes that are not UTF-8; convert the file to UTF-8.", e);
}
