using ParquetSharp;

namespace MlNetRllc.Text;

/// <summary>Parquet: a row is a document; a list of strings is joined by line breaks or gives a document each, as asked.</summary>
/// <remarks>
/// Columns of text are read and no others, page by page. ParquetSharp reads, which is Apache Arrow's own reader: Parquet.Net 6.1,
/// which writes our tables, lacks lists in pages of version 2 and stumbles over types beside the text.
/// </remarks>
internal static class ParquetText
{
    public static IEnumerable<TextDocument> Read(SourceFile file, FormatSettings settings)
    {
        using var stream = Seekable(file, settings.TemporaryFolder);
        using var reader = ParquetErrors.Guarded(file.Name, () => Open(stream));
        var columns = ParquetErrors.Guarded(file.Name, () => ParquetColumn.Of(reader));
        var text = ParquetColumn.Choose(columns, settings.TextColumn, file.Name);
        var others = columns.Where(column => column.IsText && column != text && !IsRepeated(reader, column)).ToArray();
        var each = settings.Lists == ListHandling.Documents && IsRepeated(reader, text);
        var row = 0L;
        for (var group = 0; group < reader.FileMetaData.NumRowGroups; group++)
        {
            foreach (var (texts, known) in Rows(reader, group, text, others, file.Name))
            {
                foreach (var (document, item) in each ? texts.Select((one, item) => (one, $"[{item}]")) : [(string.Join('\n', texts), "")])
                {
                    if (string.IsNullOrWhiteSpace(document)) continue;
                    if (document.Length > settings.LongestDocument) throw TooLong($"{file.Name}, row {row}", settings);
                    yield return new TextDocument(document, $"{file.Name}:{row}{item}", known);
                }
                row++;
            }
        }
    }

    private static InvalidDataException TooLong(string place, FormatSettings settings) =>
        new($"{place}: a document of more than {settings.LongestDocument:N0} characters. Raise LongestDocument.");

    private static ParquetFileReader Open(Stream stream)
    {
        using var properties = ReaderProperties.GetDefaultReaderProperties();
        properties.EnableBufferedStream();
        properties.EnablePageChecksumVerification();
        return new ParquetFileReader(stream, properties, leaveOpen: true);
    }

    // The strings of each row of a group, and the other columns' by their names.
    private static IEnumerable<(IReadOnlyList<string?> Texts, Dictionary<string, string> Known)> Rows(
        ParquetFileReader reader, int group, ParquetColumn text, ParquetColumn[] others, string name)
    {
        var place = $"{name}, row group {group}";
        using var rows = ParquetErrors.Guarded(place, () => reader.RowGroup(group));
        var expected = ParquetErrors.Guarded(place, () => rows.MetaData.NumRows);
        var readers = new List<ParquetStrings>();
        try
        {
            foreach (var column in (IEnumerable<ParquetColumn>)[text, .. others])
                readers.Add(ParquetErrors.Guarded(Place(column), () => new ParquetStrings(rows, column)));
            for (var row = 0L; row < expected; row++)
            {
                var texts = Next(text, 0);
                // A column 'a.b' and the field b of a column 'a' read the same; the first that has a value is known by it.
                var known = new Dictionary<string, string>(StringComparer.Ordinal);
                for (var i = 0; i < others.Length; i++)
                    if (Next(others[i], i + 1)[0] is { } value) known.TryAdd(others[i].Path, value);
                yield return (texts, known);
            }
            ParquetErrors.Guarded(Place(text), () =>
            {
                if (readers[0].Next() is not null) throw new InvalidDataException($"it has more rows than its group, {expected:N0}.");
            });
        }
        finally
        {
            foreach (var column in readers) column.Dispose();
        }

        string Place(ParquetColumn column) => $"{place}, column '{column.Path}'";

        IReadOnlyList<string?> Next(ParquetColumn column, int i) => ParquetErrors.Guarded(Place(column),
            () => readers[i].Next() ?? throw new InvalidDataException($"it has fewer rows than its group, {expected:N0}."));
    }

    private static bool IsRepeated(ParquetFileReader reader, ParquetColumn column) =>
        reader.FileMetaData.Schema.Column(column.Index).MaxRepetitionLevel > 0;

    // Parquet is read from its end; what cannot seek goes through a temporary file that vanishes when closed.
    private static Stream Seekable(SourceFile file, string folder)
    {
        var stream = file.OpenDecompressed();
        if (stream.CanSeek) return stream;
        using (stream)
        {
            FileStream? copy = null;
            try
            {
                var path = Path.Combine(folder, Path.GetRandomFileName());
                copy = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
                stream.CopyTo(copy);
                copy.Position = 0;
                return copy;
            }
            catch (Exception e)
            {
                copy?.Dispose();
                if (e is not (IOException or UnauthorizedAccessException)) throw;
                throw new IOException(
                    $"{file.Name} is compressed, and Parquet is read from its end: it is unpacked into a temporary file first, " +
                    $"and the folder '{folder}' does not take it: {e.Message} " +
                    "Make that folder, free room in it or name another (TMPDIR, on Windows TMP); or unpack the file.", e);
            }
        }
    }
}
