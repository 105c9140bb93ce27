using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace MlNetRllc.Text;

/// <summary>Parquet: a row is a document; a list of strings is joined by line breaks or gives a document each, as asked. Row groups are read one at a time.</summary>
internal static class ParquetText
{
    public static IEnumerable<TextDocument> Read(SourceFile file, FormatSettings settings)
    {
        using var stream = Seekable(file);
        Guarded(file, 0, () => ParquetFooter.Check(stream));
        var reader = Guarded(file, 0, () => ParquetReader.CreateAsync(stream).GetAwaiter().GetResult());
        var fields = Guarded(file, 0, () => reader.Schema.GetDataFields());
        var column = TextFields.Choose([.. fields.Select(field => field.Path.FirstPart ?? field.Name).Distinct()], settings.TextColumn, file.Name);
        var text = fields.First(field => (field.Path.FirstPart ?? field.Name) == column);
        if (!IsString(text))
            throw new InvalidDataException($"{file.Name}: the column '{column}' is {text.ClrType.Name}; the text must be strings or lists of strings.");
        var others = fields.Where(field => IsString(field) && field.MaxRepetitionLevel == 0 && field != text).ToArray();
        var row = 0L;
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            var (texts, values) = Guarded(file, group, () => ReadGroup(reader, group, text, others));
            for (var i = 0; i < texts.Length; i++, row++)
            {
                // A column 'a.b' and the field b of a column 'a' read the same; the first that has a value is known by it.
                var known = new Dictionary<string, string>(StringComparer.Ordinal);
                for (var o = 0; o < others.Length; o++)
                    if (values[o][i][0] is { } value) known.TryAdd(others[o].Path.ToString().Replace('/', '.'), value);
                var each = settings.Lists == ListHandling.Documents && text.MaxRepetitionLevel > 0;
                foreach (var (document, item) in each ? texts[i].Select((one, item) => (one, $"[{item}]")) : [(string.Join('\n', texts[i]), "")])
                {
                    if (string.IsNullOrWhiteSpace(document)) continue;
                    if (document.Length > settings.LongestDocument)
                        throw new InvalidDataException($"{file.Name}, row {row}: a document of more than {settings.LongestDocument:N0} characters. Raise LongestDocument.");
                    yield return new TextDocument(document, $"{file.Name}:{row}{item}", known);
                }
            }
        }
    }

    private static (List<string?>[] Texts, List<string?>[][] Others) ReadGroup(ParquetReader reader, int group, DataField text, DataField[] others)
    {
        using var rows = reader.OpenRowGroupReader(group);
        var texts = ReadStrings(rows, text);
        var found = others.Select(other => ReadStrings(rows, other)).ToArray();
        return found.All(column => column.Length == texts.Length) ? (texts, found) : throw new InvalidOperationException("its columns have different numbers of rows.");
    }

    // Text without its logical type would come as bytes.
    private static bool IsString(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    // The strings of each row: one, or those of its list.
    private static List<string?>[] ReadStrings(ParquetRowGroupReader rows, DataField field)
    {
        if (field.MaxRepetitionLevel == 0)
        {
            var values = new string?[checked((int)rows.RowCount)];
            rows.ReadAsync(field, values.AsMemory()!).AsTask().GetAwaiter().GetResult();
            return Array.ConvertAll(values, value => new List<string?> { value });
        }
        using var raw = (RawColumnData<ReadOnlyMemory<char>>)rows.ReadRawColumnDataBaseAsync(field).AsTask().GetAwaiter().GetResult();
        // A place at repetition level 0 begins a row; the others go on with its list. Places below the highest definition level are null
        // (an empty list is one) and have no value.
        var (lists, next) = (new List<List<string?>>(), 0);
        for (var i = 0; i < raw.RepetitionLevels.Length; i++)
        {
            if (raw.RepetitionLevels[i] == 0) lists.Add([]);
            lists[^1].Add(raw.DefinitionLevels[i] == field.MaxDefinitionLevel ? raw.Values[next++].ToString() : null);
        }
        return [.. lists];
    }

    private static void Guarded(SourceFile file, int group, Action read) => Guarded(file, group, () =>
    {
        read();
        return 0;
    });

    private static T Guarded<T>(SourceFile file, int group, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not InvalidDataException { InnerException: not null })
        {
            throw new InvalidDataException($"{file.Name}, row group {group}: not Parquet, broken or cut off: {e.Message} Fetch or copy it again.", e);
        }
    }

    // Parquet is read from its end; what cannot seek goes through a temporary file that vanishes when closed.
    private static Stream Seekable(SourceFile file)
    {
        var stream = file.OpenDecompressed();
        if (stream.CanSeek) return stream;
        using (stream)
        {
            var copy = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            stream.CopyTo(copy);
            copy.Position = 0;
            return copy;
        }
    }
}
