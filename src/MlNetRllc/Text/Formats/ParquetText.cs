using Parquet;
using Parquet.Schema;

namespace MlNetRllc.Text;

/// <summary>Parquet: a row is a document; lists of strings are joined by line breaks. Row groups are read one at a time.</summary>
internal static class ParquetText
{
    public static IEnumerable<TextDocument> Read(SourceFile file, FormatSettings settings)
    {
        using var stream = Seekable(file);
        var reader = Guarded(file, 0, () => ParquetReader.CreateAsync(stream).GetAwaiter().GetResult());
        var fields = reader.Schema.GetDataFields();
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
                if (string.IsNullOrWhiteSpace(texts[i])) continue;
                if (texts[i]!.Length > settings.LongestDocument)
                    throw new InvalidDataException($"{file.Name}, row {row}: a document of more than {settings.LongestDocument:N0} characters. Raise LongestDocument.");
                var index = i;
                yield return new TextDocument(texts[i]!, $"{file.Name}:{row}",
                    others.Select((other, o) => (Name: other.Path.ToString().Replace('/', '.'), Value: values[o][index])).Where(pair => pair.Value is not null).ToDictionary(pair => pair.Name, pair => pair.Value!));
            }
        }
    }

    private static (string?[] Texts, string?[][] Others) ReadGroup(ParquetReader reader, int group, DataField text, DataField[] others)
    {
        using var rows = reader.OpenRowGroupReader(group);
        return (ReadStrings(rows, text), [.. others.Select(other => ReadStrings(rows, other))]);
    }

    // Text without its logical type would come as bytes.
    private static bool IsString(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    private static string?[] ReadStrings(ParquetRowGroupReader rows, DataField field)
    {
        var count = checked((int)(field.MaxRepetitionLevel == 0 ? rows.RowCount : rows.GetMetadata(field)!.MetaData!.NumValues));
        var values = new string?[count];
        if (field.MaxRepetitionLevel == 0)
        {
            rows.ReadAsync(field, values.AsMemory()!).AsTask().GetAwaiter().GetResult();
            return values;
        }
        var levels = new int[count];
        rows.ReadAsync(field, values.AsMemory()!, levels.AsMemory()).AsTask().GetAwaiter().GetResult();
        // A value at repetition level 0 begins a row; the others go on with its list.
        var lists = new List<string?>();
        for (var i = 0; i < count; i++)
        {
            if (levels[i] == 0) lists.Add(values[i]);
            else lists[^1] = $"{lists[^1]}\n{values[i]}";
        }
        return [.. lists];
    }

    private static T Guarded<T>(SourceFile file, int group, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (OutOfMemoryException or InvalidDataException))
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
