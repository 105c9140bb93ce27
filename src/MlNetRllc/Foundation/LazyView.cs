using Microsoft.ML;

namespace MlNetRllc.Foundation;

/// <summary>Rows computed one by one as they are asked for.</summary>
/// <remarks>ML.NET's own mapped views split a plain cursor among threads that compute ahead. Ahead is dear
/// where a row costs minutes, and each row here already uses every core; so only a set of cursors, asked for as
/// such, runs in parallel.</remarks>
internal sealed class LazyView(IDataView mapped) : IDataView
{
    public DataViewSchema Schema => mapped.Schema;

    public bool CanShuffle => mapped.CanShuffle;

    public long? GetRowCount() => mapped.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        mapped.GetRowCursorSet(columnsNeeded, 1, rand)[0];

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        mapped.GetRowCursorSet(columnsNeeded, n, rand);
}
