namespace MlNetRllc.Core.Clustering;

/// <summary>Work on many items, over all cores where it is worth it. Each item's result has its own
/// place, so that results do not depend on the number of threads.</summary>
internal static class Work
{
    // Below it the start of threads takes longer than the work: about a millisecond of one core.
    private const double Least = 1e6;

    /// <summary>Does something for 0 to <paramref name="count"/> - 1.</summary>
    /// <param name="count">How many items.</param>
    /// <param name="operations">About how many floating-point operations each takes.</param>
    /// <param name="item">Does one.</param>
    public static void Each(int count, double operations, Action<int> item)
    {
        if (count * operations < Least)
            for (var i = 0; i < count; i++) item(i);
        else
            Parallel.For(0, count, new() { MaxDegreeOfParallelism = threads.Value ?? -1 }, item);
    }

    private static readonly AsyncLocal<int?> threads = new();

    /// <summary>Runs something whose work stays on its own thread, to hold the bits against those of many.</summary>
    internal static void Alone(Action action)
    {
        threads.Value = 1;
        try
        {
            action();
        }
        finally
        {
            threads.Value = null;
        }
    }
}
