using System.Collections.Concurrent;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>Buffers that threads borrow: as many as were ever in use at once, freed together.</summary>
/// <param name="create">Makes one where none is free.</param>
internal sealed class Pool<T>(Func<T> create) : IDisposable where T : IDisposable
{
    private readonly ConcurrentBag<T> free = [];

    /// <summary>Does something with one that nobody else has meanwhile.</summary>
    public void With(Action<T> action)
    {
        if (!free.TryTake(out var item)) item = create();
        try { action(item); }
        finally { free.Add(item); }
    }

    public void Dispose()
    {
        foreach (var item in free) item.Dispose();
    }
}
