using System.Globalization;
using System.Numerics;

namespace MlNetRllc.Tables;

/// <summary>Columns of which some rows may be empty. ML.NET's whole numbers and truth values have no place for a gap: such a column
/// becomes one of Double, in which a gap is NaN.</summary>
internal static class GappedColumns
{
    // From here on not every whole number is a Double.
    private const long FirstInexact = 1L << 53;

    /// <summary>A column of numbers: of their own type where no row is empty (8 and 16 bits become Int32, decimals Double), else of Double,
    /// or of Single for Single; whole numbers beside gaps that a Double cannot hold are kept as texts.</summary>
    public static TableColumn OfNumbers<T>(string name, IReadOnlyList<T?> values) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(decimal)) return Filled<double>();
        if (typeof(T) == typeof(float)) return Filled<float>();
        if (values.All(v => v.HasValue))
            return Type.GetTypeCode(typeof(T)) switch
            {
                TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 => Filled<int>(),
                _ => Filled<T>(),
            };
        if (typeof(T) == typeof(double) || values.All(v => v is not { } whole || Math.Abs(double.CreateChecked(whole)) < FirstInexact))
            return Filled<double>();
        var texts = new TextTableColumn(name);
        foreach (var value in values) texts.Add(value?.ToString(null, CultureInfo.InvariantCulture) ?? "");
        return texts;

        ScalarTableColumn<TTo> Filled<TTo>() where TTo : unmanaged, INumber<TTo>
        {
            var column = new ScalarTableColumn<TTo>(name);
            // NaN is only asked of floating types: others come here without a gap.
            foreach (var value in values) column.Add(value is { } number ? TTo.CreateChecked(number) : TTo.CreateChecked(double.NaN));
            return column;
        }
    }

    /// <summary>A column of truth values; of Double, 1 and 0, where rows are empty.</summary>
    public static TableColumn OfTruths(string name, IReadOnlyList<bool?> values)
    {
        if (!values.All(v => v.HasValue))
            return OfNumbers<double>(name, [.. values.Select(v => v switch { true => 1, false => 0, _ => (double?)null })]);
        var column = new ScalarTableColumn<bool>(name);
        foreach (var value in values) column.Add(value!.Value);
        return column;
    }

    /// <summary>A column of vectors: of the lists' own type where none has a gap, else of Double, or of Single for Single. A row without a
    /// list is one of NaN throughout; null when no row has one.</summary>
    /// <exception cref="InvalidDataException">The lists have different sizes; the message names column and row.</exception>
    public static TableColumn? OfVectors<T>(string name, IReadOnlyList<T?[]?> lists) where T : unmanaged, INumber<T>
    {
        if (lists.Count > 0 && lists.All(list => list is null)) return null;
        var size = lists.FirstOrDefault(list => list is not null)?.Length ?? 0;
        if (size == 0 && lists.Count > 0)
            throw new InvalidDataException($"The column '{name}' holds empty lists; every list must have values, as many as the others.");
        for (var row = 0; row < lists.Count; row++)
            if (lists[row] is { } list && list.Length != size)
                throw new InvalidDataException($"The column '{name}' holds lists of {size} and, in row {row}, of {list.Length}.");
        var gaps = lists.Any(list => list is null || list.Any(v => v is null));
        if (typeof(T) == typeof(float)) return Filled<float>();
        return gaps || typeof(T) == typeof(decimal) ? Filled<double>() : Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 => Filled<int>(),
            _ => Filled<T>(),
        };

        VectorTableColumn<TTo> Filled<TTo>() where TTo : unmanaged, INumber<TTo>
        {
            var column = new VectorTableColumn<TTo>(name);
            foreach (var list in lists)
            {
                var filled = new TTo[size];
                for (var i = 0; i < size; i++)
                    filled[i] = list?[i] is { } value ? TTo.CreateChecked(value) : TTo.CreateChecked(double.NaN);
                column.Add(filled);
            }
            return column;
        }
    }
}
