using System.Runtime.InteropServices;
using ParquetSharp;
using Encoding = System.Text.Encoding;

namespace MlNetRllc.Text.Formats;

/// <summary>The strings of a column in one row group, row by row. A page is held in memory, not the group.</summary>
internal sealed class ParquetStrings : IParquetTexts
{
    private const int BatchSize = 1024;

    private readonly ColumnReader<ByteArray> reader;
    private readonly Encoding encoding;
    private readonly short[] definitions;
    private readonly short[] repetitions;
    private readonly short defined;
    private readonly string?[] values = new string?[BatchSize];
    private byte[] bytes = new byte[1 << 12];
    private int at;
    private int count;

    /// <summary>Begins at the first row.</summary>
    /// <exception cref="InvalidDataException">The column's values are not what the file's schema says.</exception>
    public ParquetStrings(RowGroupReader rows, ParquetColumn column, Encoding encoding)
    {
        this.encoding = encoding;
        var opened = rows.Column(column.Index);
        if (opened is not ColumnReader<ByteArray> strings)
        {
            using (opened) throw new InvalidDataException($"its values are {opened.Type}, no bytes.");
        }
        reader = strings;
        var descriptor = reader.ColumnDescriptor;
        defined = descriptor.MaxDefinitionLevel;
        definitions = new short[defined > 0 ? BatchSize : 0];
        repetitions = new short[descriptor.MaxRepetitionLevel > 0 ? BatchSize : 0];
    }

    /// <summary>The strings of the next row: one, or those of its list, null where one is not there. Null after the last row.</summary>
    public IReadOnlyList<string?>? Next()
    {
        if (!HasMore()) return null;
        if (Repetition > 0) throw new InvalidDataException("its first row begins inside a list.");
        var row = new List<string?> { values[at++] };
        while (HasMore() && Repetition > 0) row.Add(values[at++]);
        return row;
    }

    public void Dispose() => reader.Dispose();

    // At level 0 a row begins; what follows at others goes on with its list.
    private int Repetition => repetitions.Length == 0 ? 0 : repetitions[at];

    private bool HasMore()
    {
        if (at < count) return true;
        if (!reader.HasNext) return false;
        // A batch ends with its page, and its values lie in the reader's memory until the next.
        var raw = new ByteArray[BatchSize];
        (at, count) = (0, (int)reader.ReadBatch(BatchSize, definitions, repetitions, raw, out var read));
        if (count == 0) throw new InvalidDataException("a page holds no values.");
        for (int i = 0, next = 0; i < count; i++)
            values[i] = defined > 0 && definitions[i] < defined ? null : next < read ? Decode(raw[next++])
                : throw new InvalidDataException("a page lacks values.");
        return true;
    }

    private string Decode(ByteArray value)
    {
        if (bytes.Length < value.Length) bytes = new byte[value.Length];
        if (value.Length > 0) Marshal.Copy(value.Pointer, bytes, 0, value.Length);
        return encoding.GetString(bytes, 0, value.Length);
    }
}
