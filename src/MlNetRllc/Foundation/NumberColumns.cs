using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetRllc.Foundation;

/// <summary>Reads columns of numbers as Double or Int32, whatever type of number they hold: other programs write <c>Step</c> as Int64 or,
/// where rows were joined, as Double, losses as Single, and a coefficient that happens to be whole as an integer.</summary>
internal static class NumberColumns
{
    /// <summary>Whether a column's items of type <paramref name="item"/> can be read where <paramref name="wanted"/> is wanted.</summary>
    public static bool CanRead(DataViewType item, DataViewType wanted) =>
        item is NumberDataViewType && (wanted == NumberDataViewType.Double || wanted == NumberDataViewType.Int32);

    /// <summary>Reads a number; what reads it throws <see cref="InvalidOperationException"/>, with row and value, where
    /// <typeparamref name="T"/> cannot hold it.</summary>
    public static Func<T> ReadNumber<T>(this DataViewRow row, string column) where T : unmanaged, INumber<T> =>
        Type.GetTypeCode(row.Schema[column].Type.RawType) switch
        {
            TypeCode.SByte => One<sbyte, T>(row, column),
            TypeCode.Byte => One<byte, T>(row, column),
            TypeCode.Int16 => One<short, T>(row, column),
            TypeCode.UInt16 => One<ushort, T>(row, column),
            TypeCode.Int32 => One<int, T>(row, column),
            TypeCode.UInt32 => One<uint, T>(row, column),
            TypeCode.Int64 => One<long, T>(row, column),
            TypeCode.UInt64 => One<ulong, T>(row, column),
            TypeCode.Single => One<float, T>(row, column),
            _ => One<double, T>(row, column),
        };

    /// <summary>As <see cref="ReadNumber"/>, of a vector.</summary>
    public static Func<T[]> ReadNumbers<T>(this DataViewRow row, string column) where T : unmanaged, INumber<T> =>
        Type.GetTypeCode(row.Schema[column].Type.GetItemType().RawType) switch
        {
            TypeCode.SByte => Many<sbyte, T>(row, column),
            TypeCode.Byte => Many<byte, T>(row, column),
            TypeCode.Int16 => Many<short, T>(row, column),
            TypeCode.UInt16 => Many<ushort, T>(row, column),
            TypeCode.Int32 => Many<int, T>(row, column),
            TypeCode.UInt32 => Many<uint, T>(row, column),
            TypeCode.Int64 => Many<long, T>(row, column),
            TypeCode.UInt64 => Many<ulong, T>(row, column),
            TypeCode.Single => Many<float, T>(row, column),
            _ => Many<double, T>(row, column),
        };

    private static Func<T> One<TRaw, T>(DataViewRow row, string column)
        where TRaw : unmanaged, INumber<TRaw> where T : unmanaged, INumber<T>
    {
        if (row.Read<TRaw>(column) is Func<T> same) return same;
        var read = row.Read<TRaw>(column);
        return () => Converted<TRaw, T>(read(), row, column);
    }

    private static Func<T[]> Many<TRaw, T>(DataViewRow row, string column)
        where TRaw : unmanaged, INumber<TRaw> where T : unmanaged, INumber<T>
    {
        if (row.ReadVector<TRaw>(column) is Func<T[]> same) return same;
        var read = row.ReadVector<TRaw>(column);
        return () => Array.ConvertAll(read(), value => Converted<TRaw, T>(value, row, column));
    }

    private static T Converted<TRaw, T>(TRaw value, DataViewRow row, string column)
        where TRaw : unmanaged, INumber<TRaw> where T : unmanaged, INumber<T>
    {
        var converted = T.CreateSaturating(value);
        return typeof(T) == typeof(double) || TRaw.IsInteger(value) && TRaw.CreateSaturating(converted) == value ? converted
            : throw new InvalidOperationException(
                $"Row {row.Position}: the column '{column}' holds {value}; a whole number of at most 32 bits is wanted.");
    }
}
