using Microsoft.ML;
using Microsoft.ML.Data;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace MlNetRllc.Foundation;

/// <summary>A column that a component reads: its name and the type it must have.</summary>
internal sealed record ColumnNeed(string Name, DataViewType ItemType, VectorKind Kind = VectorKind.Scalar)
{
    /// <summary>Whether the component also works without the column.</summary>
    public bool Optional { get; init; }

    public static ColumnNeed Text(string name) => new(name, TextDataViewType.Instance);

    public static ColumnNeed Scalar<T>(string name) => new(name, ColumnTypes.TypeFor<T>());

    public static ColumnNeed Vector<T>(string name) => new(name, ColumnTypes.TypeFor<T>(), VectorKind.Vector);

    /// <summary>What else the column may be; null where only one type will do.</summary>
    private (Func<SchemaShape.Column, bool> Fits, string Words)? Instead { get; init; }

    /// <summary>A number, or a vector of known size: what a tensor can be made of.</summary>
    public static ColumnNeed Numbers(string name) => new(name, NumberDataViewType.Single)
    {
        Instead = (c => !c.IsKey && IsNumber(c), "a number or a vector of known size, of Single, Double, Int32 or Int64"),
    };

    /// <summary>As numbers, or a Boolean, or a key.</summary>
    public static ColumnNeed Labels(string name) => new(name, NumberDataViewType.Single)
    {
        Instead = (IsLabel,
            "a Boolean, a key, a number or a vector of known size, of Single, Double, Int32 or Int64"),
    };

    /// <summary>Whatever a member of a row class takes: that it is there is checked here, its type where rows are made of it.</summary>
    public static ColumnNeed Member(string name, string member) => new(name, NumberDataViewType.Single)
    {
        Instead = (_ => true, $"as {member}"),
    };

    /// <summary>Refuses a schema in which the column is missing or of another type.</summary>
    public void Check(DataViewSchema schema, string component) => Check(Shapes.ShapeOf(schema), component);

    /// <summary>Refuses a table in which the column is missing or of another type; of texts where numbers are wanted, names the first
    /// that is no number.</summary>
    public void Check(IDataView table, string component) =>
        Check(Shapes.ShapeOf(table.Schema), component, () => WrittenNumbers.Explain(table, Name));

    /// <summary>Refuses a promised schema in which the column is missing or of another type.</summary>
    public void Check(SchemaShape shape, string component) => Check(shape, component, () => "");

    private void Check(SchemaShape shape, string component, Func<string> explain)
    {
        if (!shape.TryFindColumn(Name, out var column))
        {
            if (Optional) return;
            throw new ArgumentException(
                $"{component}: the column '{Name}' ({Wanted}) is missing; "
                + $"there are: {string.Join(", ", shape.Select(c => c.Name))}.");
        }
        if (Instead is { } instead)
        {
            if (!instead.Fits(column))
                throw new ArgumentException(
                    $"{component}: the column '{Name}' is {column.GetTypeString()}; it must be {instead.Words}."
                    + (IsText(column) && !column.IsKey ? explain() : ""));
            return;
        }
        if (column.Kind != Kind || column.IsKey || !column.ItemType.Equals(ItemType) && !NumberColumns.CanRead(column.ItemType, ItemType))
            throw new ArgumentException(
                $"{component}: the column '{Name}' is {column.GetTypeString()}; it must be {Wanted}."
                + (IsText(column) && ItemType is NumberDataViewType ? explain() : ""));
    }

    private static bool IsNumber(SchemaShape.Column column) => column.Kind != VectorKind.VariableVector
        && (column.ItemType == NumberDataViewType.Single || column.ItemType == NumberDataViewType.Double
            || column.ItemType == NumberDataViewType.Int32 || column.ItemType == NumberDataViewType.Int64);

    private static bool IsLabel(SchemaShape.Column column) => IsNumber(column)
        || column.Kind == VectorKind.Scalar && (column.IsKey || column.ItemType is BooleanDataViewType);

    private static bool IsText(SchemaShape.Column column) =>
        column.Kind == VectorKind.Scalar && column.ItemType is TextDataViewType;

    private string Wanted => Instead?.Words ?? Kind switch
    {
        VectorKind.Vector => $"a vector of {ItemType} of known size",
        VectorKind.VariableVector => $"a vector of {ItemType}",
        _ => $"{ItemType}",
    };
}
