using Microsoft.ML;

namespace MlNetRllc.Tests.Workout;

/// <summary>Notes which columns are asked of a table.</summary>
internal sealed class SpyView(IDataView inner) : IDataView
{
    public HashSet<string> Asked { get; } = [];

    public DataViewSchema Schema => inner.Schema;

    public bool CanShuffle => inner.CanShuffle;

    public long? GetRowCount() => inner.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Asked.UnionWith(columnsNeeded.Select(c => c.Name));
        return inner.GetRowCursor(columnsNeeded, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        Asked.UnionWith(columnsNeeded.Select(c => c.Name));
        return inner.GetRowCursorSet(columnsNeeded, n, rand);
    }
}
