using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;
using Parquet;
using Parquet.Schema;

namespace MlNetRllc.Tables;

/// <summary>A column of a result table in memory, on its way between an IDataView and a file or data frame.</summary>
internal abstract class TableColumn(string name)
{
    public string Name { get; } = name;

    public abstract int Count { get; }

    /// <summary>Axes of its vectors with their sizes, outermost first; none where nobody named them.</summary>
    public IReadOnlyList<(string Name, int Size)> Axes { get; set; } = [];

    /// <summary>Its place in a Parquet schema.</summary>
    public abstract Field Field { get; }

    /// <summary>Whether a CSV file can hold it.</summary>
    public virtual bool IsScalar => true;

    /// <summary>Whether it has rows and no row has a value.</summary>
    public virtual bool IsEmpty => false;

    /// <summary>Prepares reading from a cursor; the result appends the cursor's row.</summary>
    public abstract Action Follow(DataViewRow row, DataViewSchema.Column column);

    /// <summary>The value of a row for a CSV file, such that reading gives the same bits.</summary>
    public abstract string Format(int row);

    public abstract Task WriteAsync(ParquetRowGroupWriter writer, DataField field);

    public abstract void AddTo(ArrayDataViewBuilder builder);

    public abstract DataFrameColumn ToDataFrameColumn();

    /// <summary>An empty column for a data view's column; keys become the texts they stand for.</summary>
    /// <exception cref="ArgumentException">The type cannot be stored; the message names column and type.</exception>
    public static TableColumn For(DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => new TextTableColumn(column.Name),
        KeyDataViewType => new TextTableColumn(column.Name),
        VectorDataViewType { Size: > 0, ItemType: NumberDataViewType item } => ColumnOf(column.Name, item.RawType, vector: true),
        NumberDataViewType or BooleanDataViewType => ColumnOf(column.Name, column.Type.RawType, vector: false),
        _ => throw new ArgumentException(
            $"The column '{column.Name}' is {column.Type}; a result table holds numbers, truth values, texts, keys "
            + "and vectors of numbers of known size. Drop it first."),
    };

    /// <summary>As <see cref="For"/>, and a column for vectors that only a data frame has a place for: of texts, of
    /// truth values, of any size.</summary>
    /// <exception cref="ArgumentException">The type cannot be held; the message names column and type.</exception>
    public static TableColumn ForFrame(DataViewSchema.Column column) => column.Type is not VectorDataViewType vector
        ? For(column) : (vector.ItemType, vector.Size) switch
        {
            (TextDataViewType, _) => new FrameVectorColumn<ReadOnlyMemory<char>>(column.Name),
            (BooleanDataViewType, _) => new FrameVectorColumn<bool>(column.Name),
            (NumberDataViewType { RawType: var type }, 0) when type == typeof(float) => new FrameVectorColumn<float>(column.Name),
            (NumberDataViewType { RawType: var type }, 0) when type == typeof(double) => new FrameVectorColumn<double>(column.Name),
            (NumberDataViewType { RawType: var type }, 0) when type == typeof(int) => new FrameVectorColumn<int>(column.Name),
            _ => For(column),
        };

    private static TableColumn ColumnOf(string name, Type type, bool vector) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean when !vector => new ScalarTableColumn<bool>(name),
        TypeCode.Int32 => Make<int>(name, vector),
        TypeCode.UInt32 => Make<uint>(name, vector),
        TypeCode.Int64 => Make<long>(name, vector),
        TypeCode.UInt64 => Make<ulong>(name, vector),
        TypeCode.Single => Make<float>(name, vector),
        TypeCode.Double => Make<double>(name, vector),
        _ => throw new ArgumentException($"The column '{name}' holds {type.Name}; result tables hold Boolean, Int32, UInt32, Int64, "
            + "UInt64, Single, Double and text."),
    };

    private static TableColumn Make<T>(string name, bool vector) where T : unmanaged, IFormattable =>
        vector ? new VectorTableColumn<T>(name) : new ScalarTableColumn<T>(name);
}
