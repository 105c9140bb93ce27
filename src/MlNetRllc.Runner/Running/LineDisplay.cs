using System.Collections.Concurrent;

namespace MlNetRllc.Runner.Running;

/// <summary>Plain lines, one an interval: for logs and pipes.</summary>
internal sealed class LineDisplay(TextWriter output, TimeSpan interval) : IStudyDisplay
{
    private readonly Lock gate = new();
    private readonly StepClocks clocks = new(interval);
    private readonly ConcurrentDictionary<string, StepPace> paces = new(StringComparer.Ordinal);

    public void Show(Action work) => work();

    public void Begin(string step, string what)
    {
        clocks.Restart(step);
        paces[step] = new();
        lock (gate) output.WriteLine($"{step}: {what}");
    }

    public void Progress(string step, double share, string now)
    {
        var pace = paces[step];
        pace.Reach(share);
        if (!clocks.IsDue(step)) return;
        var left = pace.Left is { } time ? $", {StepPace.Clock(time)} left" : "";
        lock (gate) output.WriteLine($"{step}: {share,4:P0} {now}{left}");
    }

    public void End(string step, string summary, TimeSpan time)
    {
        lock (gate) output.WriteLine($"{step}: {summary} ({time.TotalSeconds:F1} s)");
    }

    public void Damaged(string sentence)
    {
        lock (gate) output.WriteLine(sentence);
    }
}
