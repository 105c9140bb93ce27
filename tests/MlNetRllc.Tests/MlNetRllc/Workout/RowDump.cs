using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetRllc.Tests.Workout;

/// <summary>Every value of every row as text that differs whenever a bit does.</summary>
internal static class RowDump
{
    public static List<string> Of(IDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        return Rows(cursor);
    }

    public static List<string> Rows(DataViewRowCursor cursor)
    {
        var active = cursor.Schema.Where(c => !c.IsHidden && cursor.IsColumnActive(c));
        var readers = active.Select(c => (c.Name, Read: Reader(cursor, c))).ToList();
        var rows = new List<string>();
        while (cursor.MoveNext()) rows.Add(string.Join("|", readers.Select(r => $"{r.Name}={r.Read()}")));
        return rows;
    }

    private static Func<string> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        var make = typeof(RowDump).GetMethod(column.Type is VectorDataViewType ? nameof(Vector) : nameof(Scalar),
            System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;
        var item = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        return (Func<string>)make.MakeGenericMethod(item).Invoke(null, [row, column])!;
    }

    private static Func<string> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return Text(value);
        };
    }

    private static Func<string> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            return string.Join(' ', value.DenseValues().Select(Text));
        };
    }

    private static string Text<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
