using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetRllc.Foundation;

/// <summary>What every cursor over a sequence does: positions, active columns, one row after the other.</summary>
internal abstract class ForwardCursor(DataViewSchema schema, HashSet<int> active) : DataViewRowCursor
{
    private long position = -1;
    private bool ended;
    private bool closed;

    public sealed override DataViewSchema Schema => schema;

    public sealed override long Position => ended ? -1 : position;

    public sealed override long Batch => 0;

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

    public sealed override bool MoveNext()
    {
        if (ended || closed) return false;
        if (Advance())
        {
            position++;
            return true;
        }
        ended = true;
        return false;
    }

    public sealed override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
    {
        EnsureOnRow();
        value = new DataViewRowId((ulong)position, 0);
    };

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new InvalidOperationException($"The column '{column.Name}' was not asked for when the cursor was opened.");
        if (Getter(schema[column.Index]) is not ValueGetter<TValue> getter)
            throw new InvalidOperationException($"The column '{column.Name}' is of type {column.Type}, not {typeof(TValue)}.");
        return (ref TValue value) =>
        {
            EnsureOnRow();
            getter(ref value);
        };
    }

    protected abstract bool Advance();

    protected abstract Delegate Getter(DataViewSchema.Column column);

    protected abstract void Close();

    protected sealed override void Dispose(bool disposing)
    {
        if (disposing && !closed) Close();
        closed = true;
        base.Dispose(disposing);
    }

    private void EnsureOnRow()
    {
        if (Position < 0)
            throw new InvalidOperationException(
                "The cursor stands on no row: call MoveNext first, and stop when it returns false.");
    }
}
