using Microsoft.ML;
using MlNetRllc.Foundation;

namespace MlNetRllc.Runner.Steps;

/// <summary>Walks the rows of a sweep once, which computes and stores them;
/// counts those that could not be done, and keeps the first reason.</summary>
/// <param name="rows">How many rows there are.</param>
internal sealed class RowWalk(int rows)
{
    public int Rows => rows;

    /// <summary>Rows behind which the walk is.</summary>
    public int Done { get; private set; }

    /// <summary>Rows among them that could not be done.</summary>
    public int Failed { get; private set; }

    /// <summary>Why the first of these could not; empty when all could.</summary>
    public string FirstReason { get; private set; } = "";

    /// <summary>Walks to the end.</summary>
    /// <param name="table">The rows, computed as they are asked for; its column <c>Step</c> is read.</param>
    /// <param name="status">The column that says why a row could not be done; empty where it could.</param>
    /// <param name="done">Told behind each row the training step of its checkpoint.</param>
    /// <param name="cancellation">Asks to stop behind the row in hand.</param>
    /// <param name="finished">Told behind the last row of a checkpoint its training step.</param>
    public void Through(
        IDataView table, string status, Action<int> done, CancellationToken cancellation, Action<int>? finished = null)
    {
        using var cursor = table.GetRowCursor([table.Schema[RllcColumns.Step], table.Schema[status]]);
        var (readStep, readStatus) = (cursor.GetGetter<int>(table.Schema[RllcColumns.Step]),
            cursor.GetGetter<ReadOnlyMemory<char>>(table.Schema[status]));
        var (step, before, reason) = (0, (int?)null, default(ReadOnlyMemory<char>));
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            readStep(ref step);
            if (before is { } behind && behind != step) finished?.Invoke(behind);
            before = step;
            readStatus(ref reason);
            if (!reason.IsEmpty) Fail(reason);
            Done++;
            done(step);
        }
        if (before is { } last) finished?.Invoke(last);
    }

    private void Fail(ReadOnlyMemory<char> reason)
    {
        if (Failed++ == 0) FirstReason = reason.ToString();
    }
}
