using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Sampling;

/// <summary>Rows that were put or read of late, up to some memory: the rest is on the disk.</summary>
/// <param name="mostBytes">Memory of their losses, in bytes.</param>
internal sealed class RecentRows(long mostBytes)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LossTrace> rows = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();
    private long bytes;

    public LossTrace? Find(string key)
    {
        lock (gate) return rows.GetValueOrDefault(key);
    }

    public void Put(string key, LossTrace row)
    {
        lock (gate)
        {
            if (!rows.TryAdd(key, row)) return;
            order.Enqueue(key);
            bytes += BytesOf(row);
            while (bytes > mostBytes && order.TryDequeue(out var oldest) && rows.Remove(oldest, out var gone)) bytes -= BytesOf(gone);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            rows.Clear();
            order.Clear();
            bytes = 0;
        }
    }

    private static long BytesOf(LossTrace row) => sizeof(double) * ((long)row.Losses.Count + row.BaselineLosses.Count);
}
