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

    public static ColumnNeed Scalar<T>(string name) => new(name, ColumnTypes.Of<T>());

    public static ColumnNeed Vector<T>(string name) => new(name, ColumnTypes.Of<T>(), VectorKind.Vector);

    /// <summary>Refuses a schema in which the column is missing or of another type.</summary>
    public void Check(DataViewSchema schema, string component) => Check(Shapes.Of(schema), component);

    /// <summary>Refuses a promised schema in which the column is missing or of another type.</summary>
    public void Check(SchemaShape shape, string component)
    {
        if (!shape.TryFindColumn(Name, out var column))
        {
            if (Optional) return;
            throw new ArgumentException($"{component}: the column '{Name}' ({Wanted}) is missing; there are: {string.Join(", ", shape.Select(c => c.Name))}.");
        }
        if (column.Kind != Kind || column.IsKey || !column.ItemType.Equals(ItemType))
            throw new ArgumentException($"{component}: the column '{Name}' is {column.GetTypeString()}; it must be {Wanted}.");
    }

    private string Wanted => Kind switch
    {
        VectorKind.Vector => $"a vector of {ItemType} of known size",
        VectorKind.VariableVector => $"a vector of {ItemType}",
        _ => $"{ItemType}",
    };
}
