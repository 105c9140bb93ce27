using ParquetSharp;
using Encoding = System.Text.Encoding;

namespace MlNetRllc.Text.Formats;

/// <summary>The rows of one row group: the strings of the text column, and the other columns' by their names.</summary>
/// <remarks>What is wrong with a column beside the text, which nobody asked for, does not matter: it is left out.</remarks>
internal sealed class ParquetRows : IDisposable
{
    private readonly string place;
    private readonly ParquetColumn column;
    private readonly RowGroupReader? rows;
    private readonly ParquetStrings text = null!;
    private readonly List<(ParquetColumn Column, IParquetTexts Texts)> others = [];
    private readonly IReadOnlyCollection<string> needed;

    /// <summary>Begins at the first row of a group.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="group">The group's number.</param>
    /// <param name="text">The column of the text.</param>
    /// <param name="others">Columns beside it.</param>
    /// <param name="needed">Paths of those that must be read.</param>
    /// <param name="name">The file, for messages.</param>
    /// <exception cref="InvalidDataException">The group cannot be read.</exception>
    public ParquetRows(
        ParquetFileReader reader, int group, ParquetColumn text, IEnumerable<ParquetColumn> others,
        IReadOnlyCollection<string> needed, string name)
    {
        (column, place, this.needed) = (text, $"{name}, row group {group}", needed);
        try
        {
            var opened = rows = ParquetErrors.Guarded(place, () => reader.RowGroup(group));
            Count = ParquetErrors.Guarded(place, () => opened.MetaData.NumRows);
            this.text = ParquetErrors.Guarded(Place(text), () => new ParquetStrings(opened, text, PieceReader.Strict));
            foreach (var other in others)
                if (Known(other, () => Opened(opened, other)) is { } texts) this.others.Add((other, texts));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Number of rows, as the file says.</summary>
    public long Count { get; }

    /// <summary>The next row's text: one string, or those of its list, null where one is not there.</summary>
    public IReadOnlyList<string?> Next() => ParquetErrors.Guarded(Place(column), () => text.Next() ?? throw Fewer());

    /// <summary>The same row's other columns with a value; where two read the same ('a.b', and b of a struct 'a'), the first.</summary>
    public Dictionary<string, string> Fields()
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = others.Count - 1; i >= 0; i--)
        {
            var (other, texts) = others[i];
            if (Known(other, texts.Next) is { } row)
            {
                if (row.Any(value => value is not null)) known[other.Path] = string.Join('\n', row.OfType<string>());
                continue;
            }
            texts.Dispose();
            others.RemoveAt(i);
        }
        return known;
    }

    /// <summary>Checks that no row follows the last.</summary>
    public void End() => ParquetErrors.Guarded(Place(column), () =>
    {
        if (text.Next() is not null) throw new InvalidDataException($"it has more rows than its group, {Count:N0}.");
    });

    public void Dispose()
    {
        foreach (var (_, texts) in others) texts.Dispose();
        text?.Dispose();
        rows?.Dispose();
    }

    private InvalidDataException Fewer() => new($"it has fewer rows than its group, {Count:N0}.");

    private string Place(ParquetColumn column) => $"{place}, column '{column.Path}'";

    private static IParquetTexts Opened(RowGroupReader rows, ParquetColumn column) =>
        column.IsText ? new ParquetStrings(rows, column, Encoding.UTF8) : new ParquetValues(rows, column);

    // Null where a column that nobody needs cannot be read.
    private T? Known<T>(ParquetColumn other, Func<T?> read) where T : class
    {
        try
        {
            return ParquetErrors.Guarded(Place(other), () => read() ?? throw Fewer());
        }
        catch (InvalidDataException) when (!needed.Contains(other.Path))
        {
            return null;
        }
    }
}
