using System.Globalization;
using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Foundation;
using Parquet;
using Parquet.Schema;

namespace MlNetRllc.Tables;

/// <summary>A column of numbers or truth values.</summary>
internal sealed class ScalarTableColumn<T>(string name) : TableColumn(name)
    where T : unmanaged
{
    private readonly List<T> values = [];

    public IReadOnlyList<T> Values => values;

    public override int Count => values.Count;

    public override Field Field => new DataField<T>(Name, false);

    public override bool IsEmpty => values.Count > 0 && values.All(v => v is double.NaN or float.NaN);

    public void Add(T value) => values.Add(value);

    public override Action Follow(DataViewRow row, DataViewSchema.Column column)
    {
        var read = row.Read<T>(Name);
        return () => values.Add(read());
    }

    // The shortest text that reads back as the same number is .NET's default.
    public override string Format(int row) => values[row] is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture)
        : values[row] is true ? "true" : "false";

    public override Task WriteAsync(ParquetRowGroupWriter writer, DataField field) => writer.WriteAsync<T>(field, values.ToArray());

    public override void AddTo(ArrayDataViewBuilder builder) => builder.AddColumn(Name, ColumnTypes.TypeFor<T>(), values.ToArray());

    public override DataFrameColumn ToDataFrameColumn() => new PrimitiveDataFrameColumn<T>(Name, values);
}

/// <summary>A column of texts.</summary>
internal sealed class TextTableColumn(string name) : TableColumn(name)
{
    private readonly List<string> values = [];

    public override int Count => values.Count;

    public override Field Field => new DataField<string>(Name, false);

    public void Add(string value) => values.Add(value);

    /// <summary>A column of empty texts.</summary>
    public static TextTableColumn Empty(string name, int rows)
    {
        var column = new TextTableColumn(name);
        for (var i = 0; i < rows; i++) column.Add("");
        return column;
    }

    public override Action Follow(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType key)
        {
            var text = row.ReadText(Name);
            return () => values.Add(text());
        }
        var names = NamesOf(column, key);
        Func<ulong> raw = Type.GetTypeCode(key.RawType) switch
        {
            TypeCode.Byte => Widened(row.Read<byte>(Name)),
            TypeCode.UInt16 => Widened(row.Read<ushort>(Name)),
            TypeCode.UInt32 => Widened(row.Read<uint>(Name)),
            _ => row.Read<ulong>(Name),
        };
        return () =>
        {
            var value = raw();
            values.Add(value == 0 ? "" : names is null ? $"{value}" : names[value - 1]);
        };
    }

    public override string Format(int row) => values[row];

    public override Task WriteAsync(ParquetRowGroupWriter writer, DataField field) => writer.WriteAsync(field, values);

    public override void AddTo(ArrayDataViewBuilder builder) =>
        builder.AddColumn(Name, TextDataViewType.Instance, values.Select(v => v.AsMemory()).ToArray());

    public override DataFrameColumn ToDataFrameColumn() => new StringDataFrameColumn(Name, values);

    private static Func<ulong> Widened<T>(Func<T> read) where T : IConvertible => () => read().ToUInt64(null);

    private static string[]? NamesOf(DataViewSchema.Column column, KeyDataViewType key)
    {
        var annotation = column.Annotations.Schema.GetColumnOrNull("KeyValues");
        if (annotation is not { Type: VectorDataViewType { ItemType: TextDataViewType } }) return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetKeyValues(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }
}

/// <summary>A column of vectors of one size; a list in Parquet.</summary>
internal sealed class VectorTableColumn<T>(string name) : TableColumn(name)
    where T : unmanaged, IFormattable
{
    private readonly List<T[]> values = [];

    public IReadOnlyList<T[]> Values => values;

    public override int Count => values.Count;

    public override bool IsScalar => false;

    public override Field Field => new ListField(Name, new DataField<T>("element", false));

    public void Add(T[] value) => values.Add(value);

    public override Action Follow(DataViewRow row, DataViewSchema.Column column)
    {
        var read = row.ReadVector<T>(Name);
        return () => values.Add(read());
    }

    public override string Format(int row) => string.Join(' ', values[row].Select(v => v.ToString(null, CultureInfo.InvariantCulture)));

    public override Task WriteAsync(ParquetRowGroupWriter writer, DataField field)
    {
        var flat = values.SelectMany(v => v).ToArray();
        var levels = values.SelectMany(v => Enumerable.Range(0, v.Length).Select(i => i == 0 ? 0 : 1)).ToArray();
        var defined = new int[flat.Length];
        defined.AsSpan().Fill(field.MaxDefinitionLevel);
        return writer.WriteAllPartsAsync<T>(field, flat, defined, levels, default);
    }

    public override void AddTo(ArrayDataViewBuilder builder) =>
        builder.AddColumn(Name, (NumberDataViewType)ColumnTypes.TypeFor<T>(), values.ToArray());

    public override DataFrameColumn ToDataFrameColumn() =>
        new VBufferDataFrameColumn<T>(Name, values.Select(v => new VBuffer<T>(v.Length, v)));
}
