using System.Globalization;
using System.Numerics;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace MlNetRllc.Tables;

/// <summary>A column of a Parquet file while it is read, row group by row group.</summary>
internal abstract class ParquetColumnReader(DataField leaf)
{
    protected DataField Leaf { get; } = leaf;

    /// <summary>Appends the values of a row group.</summary>
    public abstract Task ReadAsync(ParquetRowGroupReader reader);

    /// <summary>The column of the values read; null for lists of which there is none.</summary>
    public abstract TableColumn? Finished(string name);

    /// <summary>Whether an error in reading says that a value lies outside what .NET or the reader can hold,
    /// not that the file is damaged.</summary>
    public bool LacksAPlaceFor(Exception error) => error switch
    {
        NotSupportedException or NotImplementedException => true,
        OverflowException => Leaf.ClrType == typeof(decimal) || Leaf.ClrType == typeof(DateTime),
        ArgumentOutOfRangeException => Leaf.ClrType == typeof(DateTime),
        _ => false,
    };

    /// <summary>A reader for a column of a Parquet file; null for one that a result table has no place for (structs, maps, bytes, times of
    /// day).</summary>
    public static ParquetColumnReader? For(Field field, IReadOnlyList<DataField> leaves)
    {
        if (leaves is not [var leaf] || leaf is TimeDataField || field.Name.Length == 0) return null;
        // A list of structs of one field has one leaf too, and so has a list of lists.
        var vector = leaf.MaxRepetitionLevel == 1 && field is DataField or ListField { Item: DataField };
        if (!vector && field is not DataField) return null;
        // The library names texts by either type, depending on who wrote the file.
        if (leaf.ClrType == typeof(string) || leaf.ClrType == typeof(ReadOnlyMemory<char>))
            return vector ? null : new ParquetTexts(leaf);
        return Type.GetTypeCode(leaf.ClrType) switch
        {
            TypeCode.Boolean => vector ? null : new ParquetScalars<bool>(leaf, GappedColumns.OfTruths),
            TypeCode.DateTime => vector ? null : new ParquetScalars<DateTime>(leaf, Dates),
            TypeCode.SByte => Numbers<sbyte>(leaf, vector),
            TypeCode.Byte => Numbers<byte>(leaf, vector),
            TypeCode.Int16 => Numbers<short>(leaf, vector),
            TypeCode.UInt16 => Numbers<ushort>(leaf, vector),
            TypeCode.Int32 => Numbers<int>(leaf, vector),
            TypeCode.UInt32 => Numbers<uint>(leaf, vector),
            TypeCode.Int64 => Numbers<long>(leaf, vector),
            TypeCode.UInt64 => Numbers<ulong>(leaf, vector),
            TypeCode.Single => Numbers<float>(leaf, vector),
            TypeCode.Double => Numbers<double>(leaf, vector),
            TypeCode.Decimal => Numbers<decimal>(leaf, vector),
            _ => null,
        };
    }

    private static ParquetColumnReader Numbers<T>(DataField leaf, bool vector) where T : unmanaged, INumber<T> =>
        vector ? new ParquetLists<T>(leaf) : new ParquetScalars<T>(leaf, GappedColumns.OfNumbers);

    private static TextTableColumn Dates(string name, IReadOnlyList<DateTime?> values)
    {
        var column = new TextTableColumn(name);
        foreach (var value in values) column.Add(value?.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) ?? "");
        return column;
    }
}

/// <summary>A value a row, or none.</summary>
internal sealed class ParquetScalars<T>(DataField leaf, Func<string, IReadOnlyList<T?>, TableColumn> finish) : ParquetColumnReader(leaf)
    where T : struct
{
    private readonly List<T?> values = [];

    public override async Task ReadAsync(ParquetRowGroupReader reader)
    {
        var rows = checked((int)reader.RowCount);
        if (Leaf.IsNullable)
        {
            var read = new T?[rows];
            await reader.ReadAsync<T>(Leaf, read);
            values.AddRange(read);
        }
        else
        {
            var read = new T[rows];
            await reader.ReadAsync<T>(Leaf, read.AsMemory());
            values.AddRange(read.Select(v => (T?)v));
        }
    }

    public override TableColumn Finished(string name) => finish(name, values);
}

/// <summary>A text a row; none reads as an empty one.</summary>
internal sealed class ParquetTexts(DataField leaf) : ParquetColumnReader(leaf)
{
    private readonly List<string?> values = [];

    public override async Task ReadAsync(ParquetRowGroupReader reader)
    {
        var read = new string?[checked((int)reader.RowCount)];
        await reader.ReadAsync(Leaf, read!);
        values.AddRange(read);
    }

    public override TableColumn Finished(string name)
    {
        var column = new TextTableColumn(name);
        foreach (var value in values) column.Add(value ?? "");
        return column;
    }
}

/// <summary>A list of numbers a row, or none.</summary>
internal sealed class ParquetLists<T>(DataField leaf) : ParquetColumnReader(leaf) where T : unmanaged, INumber<T>
{
    private readonly List<T?[]?> lists = [];

    public override async Task ReadAsync(ParquetRowGroupReader reader)
    {
        if (reader.RowCount == 0) return;
        using var raw = await reader.ReadRawColumnDataBaseAsync(Leaf);
        Append((RawColumnData<T>)raw);
    }

    public override TableColumn? Finished(string name) => GappedColumns.OfVectors(name, lists);

    // A place at repetition level 0 begins a row, the others go on with its list. Its definition level says how far down a place exists:
    // a value (the highest), a null among values (one below, where there may be any), an empty list (one below that), no list. Only
    // values are stored.
    private void Append(RawColumnData<T> raw)
    {
        var values = raw.Values;
        var defined = raw.DefinitionLevels;
        var repeated = raw.RepetitionLevels;
        var emptyList = Leaf.MaxDefinitionLevel - (Leaf.IsNullable ? 2 : 1);
        var (current, next) = (new List<T?>(), 0);
        for (var i = 0; i < repeated.Length; i++)
        {
            if (repeated[i] == 0 && i > 0) Close(defined[i - 1]);
            if (defined[i] > emptyList) current.Add(defined[i] == Leaf.MaxDefinitionLevel ? values[next++] : null);
        }
        Close(defined[^1]);

        void Close(int last)
        {
            lists.Add(last < emptyList ? null : [.. current]);
            current.Clear();
        }
    }
}
