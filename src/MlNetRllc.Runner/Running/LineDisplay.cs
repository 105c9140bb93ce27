using System.Diagnostics;

namespace MlNetRllc.Runner.Running;

/// <summary>Plain lines, one an interval: for logs and pipes.</summary>
internal sealed class LineDisplay(TextWriter output, TimeSpan interval) : IStudyDisplay
{
    private readonly Lock gate = new();
    private readonly Stopwatch sinceLine = new();

    public void Show(Action work) => work();

    public void Begin(string step, string what)
    {
        lock (gate)
        {
            output.WriteLine($"{step}: {what}");
            sinceLine.Restart();
        }
    }

    public void Progress(string step, double share, string now)
    {
        lock (gate)
        {
            if (sinceLine.Elapsed < interval) return;
            output.WriteLine($"{step}: {share,4:P0} {now}");
            sinceLine.Restart();
        }
    }

    public void End(string step, string summary, TimeSpan time)
    {
        lock (gate) output.WriteLine($"{step}: {summary} ({time.TotalSeconds:F1} s)");
    }
}
