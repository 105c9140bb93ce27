using System.Diagnostics;

namespace MlNetRllc.Modules;

/// <summary>How long a step takes: the median of those seen, for others work on the machine too. The first is not counted; libtorch
/// sets itself up in it.</summary>
internal sealed class StepClock
{
    /// <summary>Steps after which the median is known, however short they are.</summary>
    public const int Enough = 20;

    private const int Least = 3;
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(1);

    private readonly Stopwatch watch = new();
    private readonly List<TimeSpan> steps = [];
    private TimeSpan last;

    /// <summary>Whether a few steps have been seen: for a second, or many.</summary>
    public bool IsKnown => steps.Count >= Enough || steps.Count >= Least && watch.Elapsed >= LongEnough;

    /// <summary>The median; zero before the second step.</summary>
    public TimeSpan PerStep => steps.Count == 0 ? TimeSpan.Zero : steps.Order().ElementAt(steps.Count / 2);

    /// <summary>Told after each step.</summary>
    public void Tick()
    {
        if (watch.IsRunning) steps.Add(watch.Elapsed - last);
        else watch.Start();
        last = watch.Elapsed;
    }
}
