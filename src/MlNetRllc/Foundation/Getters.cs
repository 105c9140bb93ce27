using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetRllc.Foundation;

/// <summary>A value computed at most once a row, shared by the getters of several columns.</summary>
internal sealed class PerRow<T>(DataViewRow row, Func<T> compute)
{
    private long position = long.MinValue;
    private T? value;

    public T Value
    {
        get
        {
            if (position == row.Position && position >= 0) return value!;
            value = compute();
            position = row.Position;
            return value;
        }
    }
}

/// <summary>Reads input columns as .NET values, and makes the delegates of output columns.</summary>
internal static class Getters
{
    public static Func<string> ReadText(this DataViewRow row, string column)
    {
        var getter = row.GetGetter<ReadOnlyMemory<char>>(row.Schema[column]);
        return () =>
        {
            ReadOnlyMemory<char> value = default;
            getter(ref value);
            return value.ToString();
        };
    }

    public static Func<T> Read<T>(this DataViewRow row, string column)
    {
        var getter = row.GetGetter<T>(row.Schema[column]);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return value;
        };
    }

    public static Func<T[]> ReadVector<T>(this DataViewRow row, string column)
    {
        var getter = row.GetGetter<VBuffer<T>>(row.Schema[column]);
        return () =>
        {
            VBuffer<T> value = default;
            getter(ref value);
            return [.. value.DenseValues()];
        };
    }

    public static ValueGetter<T> Scalar<T>(Func<T> value) => (ref T target) => target = value();

    public static ValueGetter<ReadOnlyMemory<char>> Text(Func<string> value) =>
        (ref ReadOnlyMemory<char> target) => target = value().AsMemory();

    public static ValueGetter<VBuffer<T>> Vector<T>(Func<IReadOnlyList<T>> value) => (ref VBuffer<T> target) =>
    {
        var values = value();
        var editor = VBufferEditor.Create(ref target, values.Count);
        for (var i = 0; i < values.Count; i++) editor.Values[i] = values[i];
        target = editor.Commit();
    };
}
