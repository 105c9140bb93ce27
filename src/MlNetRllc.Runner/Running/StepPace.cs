using System.Diagnostics;

namespace MlNetRllc.Runner.Running;

/// <summary>How far some work is, since when, and how long it still takes at that pace.</summary>
internal sealed class StepPace
{
    private readonly long began = Stopwatch.GetTimestamp();
    private double? first;

    /// <summary>From 0 to 1.</summary>
    public double Share { get; private set; }

    /// <summary>Time since it began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(began);

    /// <summary>Time still to come; null where nothing is known yet.</summary>
    public TimeSpan? Left => first is { } from && Share > from ? Elapsed * ((1 - Share) / (Share - from)) : null;

    /// <summary>Notes how far it is. What an earlier run had done is there at the first word, and took no time.</summary>
    public void Reach(double share)
    {
        first ??= share > 0.01 && Elapsed < TimeSpan.FromSeconds(2) ? share : 0;
        Share = share;
    }

    /// <summary>A time as a clock shows it: <c>0:07</c>, <c>12:30</c>, <c>1:02:03</c>.</summary>
    public static string Clock(TimeSpan time) => time >= TimeSpan.FromHours(1)
        ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time:m\\:ss}";
}
