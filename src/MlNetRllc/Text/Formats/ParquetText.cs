using MlNetRllc.Text.Sources;
using ParquetSharp;

namespace MlNetRllc.Text.Formats;

/// <summary>Parquet: a row is a document; a list of strings is joined by line breaks or gives a document each, as asked.</summary>
/// <remarks>
/// Columns of text are read and no others, page by page. ParquetSharp reads, which is Apache Arrow's own reader: Parquet.Net 6.1,
/// which writes our tables, lacks lists in pages of version 2 and stumbles over types beside the text.
/// </remarks>
internal static class ParquetText
{
    public static IEnumerable<TextDocument> Read(SourceFile file, FormatSettings settings)
    {
        using var opened = ParquetFile.Open(file, settings.TemporaryFolder);
        var reader = opened.Reader;
        var columns = ParquetErrors.Guarded(file.Name, () => ParquetColumn.ColumnsIn(reader));
        var text = ParquetColumn.Choose(columns, settings.TextColumn, file.Name);
        var needed = settings.NeededFields.Where(name => name != text.Path)
            .SelectMany(name => ParquetColumn.Needed(columns, name, file.Name)).ToHashSet();
        foreach (var column in needed.Prepend(text))
            if (opened.UnknownCodecs.Contains(column.StoredPath)) throw ParquetErrors.UnknownCodec(file.Name, column.Path);
        if (text.IsNull) yield break;
        var others = columns.Where(column => column != text && !opened.UnknownCodecs.Contains(column.StoredPath)
            && (needed.Contains(column) || column.IsText && !IsRepeated(reader, column))).ToArray();
        var each = settings.Lists == ListHandling.Documents && IsRepeated(reader, text);
        var row = 0L;
        for (var group = 0; group < reader.FileMetaData.NumRowGroups; group++)
        {
            using var rows = new ParquetRows(reader, group, text, others, settings.NeededFields, file.Name);
            for (var end = row + rows.Count; row < end; row++)
            {
                var (texts, fields) = (rows.Next(), rows.Fields());
                var pieces = each ? texts.Select((one, item) => (one, $"[{item}]")) : [(string.Join('\n', texts), "")];
                foreach (var (document, item) in pieces)
                {
                    if (string.IsNullOrWhiteSpace(document)) continue;
                    if (document.Length > settings.LongestDocument) throw TooLong($"{file.Name}, row {row}", settings);
                    yield return new TextDocument(document, $"{file.Name}:{row}{item}", fields);
                }
            }
            rows.End();
        }
    }

    private static InvalidDataException TooLong(string place, FormatSettings settings) =>
        new($"{place}: a document of more than {settings.LongestDocument:N0} characters. Raise LongestDocument.");

    private static bool IsRepeated(ParquetFileReader reader, ParquetColumn column) =>
        reader.FileMetaData.Schema.Column(column.Index).MaxRepetitionLevel > 0;
}
