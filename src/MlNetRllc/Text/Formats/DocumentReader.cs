namespace MlNetRllc.Text;

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
            _ => PlainText.Read(file, settings),
        };

    private static TextFormat FormatOf(string name) => Path.GetExtension(Compression.Inner(name)).ToUpperInvariant() switch
    {
        ".JSONL" or ".NDJSON" => TextFormat.Jsonl,
        ".JSON" => TextFormat.Json,
        ".CSV" => TextFormat.Csv,
        ".PARQUET" => TextFormat.Parquet,
        _ => TextFormat.Text,
    };
}
