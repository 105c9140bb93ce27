using System.Collections;
using System.Globalization;
using ParquetSharp;

namespace MlNetRllc.Text.Formats;

/// <summary>The values of a column in one row group as texts, row by row.</summary>
internal interface IParquetTexts : IDisposable
{
    /// <summary>The texts of the next row: one, or those of its list, null where one is not there. Null after the last row.</summary>
    IReadOnlyList<string?>? Next();
}

/// <summary>The values of a column that is no text, as JSON Lines and CSV have them: 2020, 0.5, True, 2020-05-01.</summary>
internal sealed class ParquetValues : IParquetTexts
{
    private readonly ColumnReader reader;
    private readonly LogicalColumnReader logical;
    private readonly IEnumerator values;

    /// <summary>Begins at the first row.</summary>
    public ParquetValues(RowGroupReader rows, ParquetColumn column)
    {
        reader = rows.Column(column.Index);
        try
        {
            logical = reader.LogicalReader();
            values = ((IEnumerable)logical).GetEnumerator();
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    public IReadOnlyList<string?>? Next() => !values.MoveNext() ? null
        : values.Current is Array list and not byte[] ? [.. list.Cast<object?>().Select(Text)] : [Text(values.Current)];

    public void Dispose()
    {
        (values as IDisposable)?.Dispose();
        logical.Dispose();
        reader.Dispose();
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool truth => truth ? bool.TrueString : bool.FalseString,
        Date day => day.DateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeNanos time => Text(time.DateTime),
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        Guid id => id.ToString(),
        IFormattable number when number.GetType() is { IsPrimitive: true } || number is decimal or Half =>
            number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidDataException(
            $"a filter compares texts, numbers, truths and dates; these values are {value.GetType().Name}. "
            + "Cast the column to string where the file is written, or filter by another."),
    };
}
