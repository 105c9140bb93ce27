using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Foundation;
using Parquet;
using Parquet.Schema;

namespace MlNetRllc.Tables;

/// <summary>A column of vectors on its way into a data frame alone: files have no place for them.</summary>
internal sealed class FrameVectorColumn<T>(string name) : TableColumn(name)
{
    private readonly List<VBuffer<T>> values = [];

    public override int Count => values.Count;

    public override bool IsScalar => false;

    public override Field Field => throw new NotSupportedException($"'{Name}' goes into no file.");

    public override Action Follow(DataViewRow row, DataViewSchema.Column column)
    {
        var read = row.ReadVector<T>(Name);
        return () => values.Add(read() is var value ? new(value.Length, value) : default);
    }

    public override string Format(int row) => string.Join(' ', values[row].DenseValues());

    public override Task WriteAsync(ParquetRowGroupWriter writer, DataField field) =>
        throw new NotSupportedException($"'{Name}' goes into no file.");

    public override void AddTo(ArrayDataViewBuilder builder) => throw new NotSupportedException($"'{Name}' was read for a data frame.");

    public override DataFrameColumn ToDataFrameColumn() => new VBufferDataFrameColumn<T>(Name, values);
}
