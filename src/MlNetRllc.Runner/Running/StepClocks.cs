using System.Collections.Concurrent;
using System.Diagnostics;

namespace MlNetRllc.Runner.Running;

/// <summary>Tells for each step by itself whether a line about it is due, so that steps side by side are all heard of.</summary>
internal sealed class StepClocks(TimeSpan interval)
{
    private readonly ConcurrentDictionary<string, long> told = new(StringComparer.Ordinal);

    public void Restart(string step) => told[step] = Stopwatch.GetTimestamp();

    /// <summary>Whether the interval has passed; it then begins anew.</summary>
    public bool IsDue(string step)
    {
        if (Stopwatch.GetElapsedTime(told.GetOrAdd(step, _ => Stopwatch.GetTimestamp())) < interval) return false;
        Restart(step);
        return true;
    }
}
