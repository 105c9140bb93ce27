using System.Runtime.ExceptionServices;
using MlNetRllc.Core.Native;
using TorchSharp;

namespace MlNetRllc.Core.Training;

/// <summary>Threads that each compute a shard of a batch with one libtorch thread.</summary>
/// <remarks>
/// For small models this beats libtorch's own threads, which meet after every operation. The
/// threads are limited for good, so they are own ones rather than the pool's. Where libtorch can
/// only be limited as a whole (<see cref="ThreadLimit"/>), it is put back on disposal.
/// </remarks>
internal sealed class ShardWorkers : IDisposable
{
    private readonly int before = torch.get_num_threads();
    private readonly SemaphoreSlim start = new(0), done = new(0);
    private readonly Thread[] threads;
    private volatile bool stopping;
    private Action<int> work = _ => { };
    private int shards, next;
    private ExceptionDispatchInfo? failure;

    public ShardWorkers(int count)
    {
        threads = [.. Enumerable.Range(0, count).Select(i => new Thread(Loop) { IsBackground = true, Name = $"training shard {i}" })];
        foreach (var thread in threads) thread.Start();
    }

    /// <summary>Does <paramref name="body"/> for 0 .. count - 1 and waits for all. Which thread
    /// does which changes no result.</summary>
    public void Run(int count, Action<int> body)
    {
        (work, shards, next, failure) = (body, count, 0, null);
        start.Release(threads.Length);
        for (var i = 0; i < threads.Length; i++) done.Wait();
        failure?.Throw();
    }

    public void Dispose()
    {
        stopping = true;
        start.Release(threads.Length);
        foreach (var thread in threads) thread.Join();
        start.Dispose();
        done.Dispose();
        if (!ThreadLimit.IsPerThread) torch.set_num_threads(before);
    }

    private void Loop()
    {
        if (ThreadLimit.IsPerThread) ThreadLimit.ToOne();
        else torch.set_num_threads(1);
        while (true)
        {
            start.Wait();
            if (stopping) return;
            try
            {
                int Next() => Interlocked.Increment(ref next) - 1;
                for (var shard = Next(); shard < shards; shard = Next()) work(shard);
            }
            catch (Exception e)
            {
                Volatile.Write(ref failure, ExceptionDispatchInfo.Capture(e));
            }
            done.Release();
        }
    }
}
