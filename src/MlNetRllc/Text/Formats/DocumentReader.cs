using MlNetRllc.Text.Sources;

namespace MlNetRllc.Text.Formats;

/// <summary>Reads the documents of one file in its format.</summary>
internal static class DocumentReader
{
    public static IEnumerable<TextDocument> Read(SourceFile file, TextFormat format, FormatSettings settings) =>
        (format == TextFormat.Auto ? FormatOf(file.Name) : format) switch
        {
            TextFormat.Jsonl => JsonText.ReadLines(file, settings),
            TextFormat.Json => JsonText.ReadArray(file, settings),
            TextFormat.Csv => CsvText.Read(file, settings),
            TextFormat.Parquet => ParquetText.Read(file, settings),
            TextFormat.Resources => ResourceText.Read(file),
            TextFormat.XmlDoc => XmlDocumentation.Read(file),
            TextFormat.Text => PlainText.Read(file, settings),
            var unknown => throw new ArgumentOutOfRangeException(nameof(format), unknown,
                $"{file.Name}: there is no text format {unknown}; there are: {string.Join(", ", Enum.GetNames<TextFormat>())}."),
        };

    /// <summary>Endings of tables that are no text and are not read.</summary>
    private static readonly string[] Unread =
    [
        ".XLS", ".XLSX", ".XLSM", ".XLSB", ".ODS", ".NUMBERS", ".ARROW", ".FEATHER", ".IPC", ".ORC", ".AVRO", ".DTA", ".SAV", ".SAS7BDAT",
        ".RDS", ".RDATA", ".SQLITE", ".SQLITE3", ".DB", ".DBF", ".PKL", ".PICKLE", ".NPY", ".NPZ", ".H5", ".HDF5",
    ];

    /// <summary>Whether files of this name are read as plain text where nobody says how.</summary>
    public static bool IsPlainText(string name) =>
        !Unread.Contains(Path.GetExtension(Compression.Inner(name)).ToUpperInvariant()) && FormatOf(name) == TextFormat.Text;

    private static TextFormat FormatOf(string name) => Path.GetExtension(Compression.Inner(name)).ToUpperInvariant() switch
    {
        ".JSONL" or ".NDJSON" or ".JSONLINES" or ".JL" => TextFormat.Jsonl,
        ".JSON" => TextFormat.Json,
        ".CSV" or ".TSV" or ".TAB" or ".PSV" => TextFormat.Csv,
        ".PARQUET" or ".PARQ" or ".PQ" => TextFormat.Parquet,
        var ending when Unread.Contains(ending) => throw new InvalidDataException(
            $"{name}: tables that end in {ending} are not read. Save it as Parquet, CSV or JSON Lines, "
            + "or leave it out (a pattern such as *.csv names the others)."),
        _ => TextFormat.Text,
    };
}
