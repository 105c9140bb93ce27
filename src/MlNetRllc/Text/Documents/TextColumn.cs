using Microsoft.ML;

namespace MlNetRllc.Text.Documents;

/// <summary>Reads a text column row by row.</summary>
internal static class TextColumn
{
    public static IEnumerable<ReadOnlyMemory<char>> Read(IDataView view, string name)
    {
        var column = view.Schema[name];
        using var cursor = view.GetRowCursor([column]);
        var getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        while (cursor.MoveNext())
        {
            ReadOnlyMemory<char> value = default;
            getter(ref value);
            yield return value;
        }
    }
}
