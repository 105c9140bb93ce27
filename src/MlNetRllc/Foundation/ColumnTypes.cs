using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetRllc.Foundation;

/// <summary>Types and annotations of columns that components append.</summary>
internal static class ColumnTypes
{
    private const string Axes = "Axes";

    public static PrimitiveDataViewType TypeFor<T>() => typeof(T) == typeof(string) || typeof(T) == typeof(ReadOnlyMemory<char>)
        ? TextDataViewType.Instance : ColumnTypeExtensions.PrimitiveTypeFromType(typeof(T));

    public static DataViewSchema.DetachedColumn Scalar<T>(string name) => new(name, TypeFor<T>());

    /// <summary>A vector whose slots are named.</summary>
    /// <param name="name">The column.</param>
    /// <param name="slots">One name a slot, such as <c>chain0 draw3</c>.</param>
    /// <param name="axes">Sizes of the axes when there are several, row-major.</param>
    public static DataViewSchema.DetachedColumn Vector<T>(string name, IReadOnlyList<string> slots, params int[] axes) =>
        Vector<T>(name, slots.Count, i => slots[i], axes);

    /// <summary>A vector whose slot names are made only when somebody asks for them.</summary>
    public static DataViewSchema.DetachedColumn Vector<T>(string name, int count, Func<int, string> slot, params int[] axes)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddSlotNames(count, (ref VBuffer<ReadOnlyMemory<char>> names) => Fill(ref names, count, slot));
        var type = axes.Length > 0 ? new VectorDataViewType(TypeFor<T>(), axes) : new VectorDataViewType(TypeFor<T>(), count);
        return new(name, type, annotations.ToAnnotations());
    }

    /// <summary>The same column with its axes named, outermost first: a file that it is written to says them.</summary>
    public static DataViewSchema.DetachedColumn WithAxes(this DataViewSchema.DetachedColumn column, params string[] names)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(column.Annotations, _ => true);
        annotations.Add(Axes, new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> target) => Fill(ref target, names.Length, i => names[i]));
        return new(column.Name, column.Type, annotations.ToAnnotations());
    }

    /// <summary>The named axes of a vector with their sizes, outermost first; none where it names none.</summary>
    public static IReadOnlyList<(string Name, int Size)> AxesOf(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType vector) return [];
        if (column.Annotations.Schema.GetColumnOrNull(Axes)?.Type is not VectorDataViewType { ItemType: TextDataViewType }) return [];
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue(Axes, ref names);
        return [.. names.DenseValues().Zip(vector.Dimensions, (name, size) => ($"{name}", size))];
    }

    /// <summary>A key (0 in the raw value means missing) whose values are named.</summary>
    public static DataViewSchema.DetachedColumn Key(string name, IReadOnlyList<string> values)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddKeyValues<ReadOnlyMemory<char>>(values.Count, TextDataViewType.Instance,
            (ref VBuffer<ReadOnlyMemory<char>> names) => Fill(ref names, values.Count, i => values[i]));
        return new(name, new KeyDataViewType(typeof(uint), (ulong)values.Count), annotations.ToAnnotations());
    }

    /// <summary>Names <c>prefix0, prefix1, ...</c>.</summary>
    public static string[] Numbered(string prefix, int count, int first = 0) =>
        [.. Enumerable.Range(first, count).Select(i => $"{prefix}{i}")];

    private static void Fill(ref VBuffer<ReadOnlyMemory<char>> target, int count, Func<int, string> value)
    {
        var editor = VBufferEditor.Create(ref target, count);
        for (var i = 0; i < count; i++) editor.Values[i] = value(i).AsMemory();
        target = editor.Commit();
    }
}
