using CsvHelper;
using CsvHelper.Configuration;

namespace MlNetRllc.Text;

/// <summary>Comma-separated values with a header line: a row is a document.</summary>
internal static class CsvText
{
    public static IEnumerable<TextDocument> Read(SourceFile file, FormatSettings settings)
    {
        using var reader = new StreamReader(file.OpenDecompressed(), PieceReader.Strict);
        using var csv = new CsvReader(reader, new CsvConfiguration(System.Globalization.CultureInfo.InvariantCulture)
        {
            MaxFieldSize = settings.LongestDocument,
            BadDataFound = null,
        });
        if (!Next(csv, file) || !Guarded(csv, file, csv.ReadHeader)) throw new InvalidDataException($"{file.Name} is empty; expected a header line with the names of columns.");
        var column = TextFields.Choose(csv.HeaderRecord!, settings.TextColumn, file.Name);
        var index = Array.IndexOf(csv.HeaderRecord!, column);
        while (Next(csv, file))
        {
            if (csv.Parser.Count != csv.HeaderRecord!.Length)
                throw new InvalidDataException($"{file.Name}:{csv.Parser.RawRow}: {csv.Parser.Count} fields where the header has {csv.HeaderRecord.Length}.");
            var text = csv.GetField(index);
            if (string.IsNullOrWhiteSpace(text)) continue;
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < csv.HeaderRecord.Length; i++)
                if (i != index) fields[csv.HeaderRecord[i]] = csv.GetField(i) ?? "";
            yield return new TextDocument(text, $"{file.Name}:{csv.Parser.RawRow}", fields);
        }
    }

    private static bool Next(CsvReader csv, SourceFile file) => Guarded(csv, file, csv.Read);

    private static T Guarded<T>(CsvReader csv, SourceFile file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CsvHelperException or System.Text.DecoderFallbackException)
        {
            throw new InvalidDataException($"{file.Name}:{csv.Parser.RawRow}: {(e is CsvHelperException ? e.Message.Split('\n')[0] : "bytes that are not UTF-8; convert the file to UTF-8.")}", e);
        }
    }
}
