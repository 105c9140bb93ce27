using ParquetSharp;
using ParquetSharp.Schema;

namespace MlNetRllc.Text.Formats;

/// <summary>A column of values in a Parquet file. A struct has one for each of its fields.</summary>
/// <param name="Index">Its place among the file's columns of values.</param>
/// <param name="Path">Its name as the table shows it, such as <c>messages.content</c>: lists and their items have no part in it.</param>
/// <param name="StoredPath">Its name as the file has it, such as <c>messages.list.element.content</c>.</param>
/// <param name="Top">The name of the table's column that it belongs to.</param>
/// <param name="Type">What its values are, in words.</param>
/// <param name="IsText">Whether the file says that its values are UTF-8.</param>
/// <param name="IsNull">Whether the file says that it has no values but null.</param>
internal sealed record ParquetColumn(int Index, string Path, string StoredPath, string Top, string Type, bool IsText, bool IsNull)
{
    /// <summary>The columns of values of a file, in its order.</summary>
    public static IReadOnlyList<ParquetColumn> ColumnsIn(ParquetFileReader reader)
    {
        var columns = new List<ParquetColumn>();
        using var root = reader.FileMetaData.Schema.GroupNode;
        foreach (var node in root.Fields)
            using (node) Add(node, node.Name, node.Name, node.Name);
        return columns;

        void Add(Node node, string path, string stored, string top)
        {
            if (node is GroupNode group) AddGroup(group, path, stored, top);
            else columns.Add(new(columns.Count, path, stored, top, TypeOf((PrimitiveNode)node), IsUtf8(node), IsNullOnly(node)));
        }

        // The format's rules for lists and maps of every age: the repeated group is no part of the name, and its only field is the
        // list's item, unless the group's own name says that the item is the group.
        void AddGroup(GroupNode group, string path, string stored, string top)
        {
            var fields = group.Fields;
            var wraps = fields is [{ Repetition: Repetition.Repeated }] ? group.ConvertedType : ConvertedType.None;
            foreach (var field in fields)
                using (field)
                {
                    var below = $"{stored}.{field.Name}";
                    if (wraps == ConvertedType.List && field is GroupNode { FieldCount: 1 } holder && !IsItem(holder, group))
                        using (var item = holder.Field(0)) Add(item, path, $"{below}.{item.Name}", top);
                    else if (wraps is ConvertedType.List or ConvertedType.Map or ConvertedType.MapKeyValue) Add(field, path, below, top);
                    else Add(field, $"{path}.{field.Name}", below, top);
                }
        }
    }

    /// <summary>The column that holds the text.</summary>
    /// <param name="columns">The file's columns.</param>
    /// <param name="wanted">Its name, as the table shows it or as the file has it; null looks for the usual names.</param>
    /// <param name="place">The file, for messages.</param>
    /// <exception cref="InvalidDataException">There is no such column, it has fields, or its values are no text; the message says
    /// what there is.</exception>
    public static ParquetColumn Choose(IReadOnlyList<ParquetColumn> columns, string? wanted, string place)
    {
        // A column whose own name has a dot goes before a field of the same path, and that before the name in the file.
        if (wanted is null || columns.Any(column => column.Top == wanted))
        {
            var name = TextFields.Choose([.. columns.Select(column => column.Top).Distinct()], wanted, place);
            return Only([.. columns.Where(column => column.Top == name)], name, place);
        }
        var found = columns.Where(column => $"{column.Path}.".StartsWith($"{wanted}.", StringComparison.Ordinal)).ToList();
        if (found.Count == 0) found = [.. columns.Where(column => column.StoredPath == wanted)];
        return found.Count > 0 ? Only(found, wanted, place)
            : throw TextFields.Missing([.. columns.Select(column => column.Path)], wanted, place);
    }

    /// <summary>The columns that a filter means by a name.</summary>
    /// <exception cref="InvalidDataException">There is none, it has fields, or two have the name; the message
    /// says what there is.</exception>
    public static IReadOnlyList<ParquetColumn> Needed(IReadOnlyList<ParquetColumn> columns, string name, string place)
    {
        var found = columns.Where(column => column.Path == name).ToList();
        if (found.Select(column => column.StoredPath).Distinct().Count() < found.Count)
            throw new InvalidDataException($"{place}: {found.Count} columns are named '{name}'. Rename all but one.");
        if (found.Count > 0) return found;
        var fields = columns.Select(column => column.Path)
            .Where(path => path.StartsWith($"{name}.", StringComparison.Ordinal)).ToList();
        throw fields.Count == 0
            ? TextFields.NoneToFilterBy([.. columns.Select(column => column.Path)], name, place)
            : new InvalidDataException(
                $"{place}: the column '{name}' of the filter has fields ({string.Join(", ", fields)}). Name one of them.");
    }

    private static ParquetColumn Only(List<ParquetColumn> found, string name, string place)
    {
        if (found.Any(column => column.Path.Length > name.Length && column.StoredPath != name))
            throw TextFields.HasFields($"{place}: the column '{name}'", [.. found.Select(column => column.Path)]);
        if (found.Count > 1)
            throw new InvalidDataException($"{place}: {found.Count} columns are named '{name}'. Rename all but one.");
        return found[0].IsText || found[0].IsNull ? found[0] : throw new InvalidDataException(
            $"{place}: the column '{name}' is {found[0].Type}; the text must be strings or lists of strings.{Remedy(found[0], name)}");
    }

    private static string Remedy(ParquetColumn column, string name) => column.Type == nameof(PhysicalType.ByteArray)
        ? $" If its bytes are UTF-8, cast the column '{name}' to string, with pyarrow: table.cast(...), and write the file again." : "";

    private static bool IsItem(GroupNode repeated, GroupNode list) => repeated.Name == "array" || repeated.Name == list.Name + "_tuple";

    private static bool IsUtf8(Node node) => node.ConvertedType is ConvertedType.UTF8 or ConvertedType.Enum;

    private static bool IsNullOnly(Node node) => node.LogicalType is NullLogicalType;

    private static string TypeOf(PrimitiveNode node)
    {
        var type = node.ConvertedType;
        return type is ConvertedType.None or ConvertedType.Undefined or ConvertedType.NA ? node.PhysicalType.ToString() : type.ToString();
    }
}
