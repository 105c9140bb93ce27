namespace MlNetRllc.Runner.Running;

/// <summary>Plain lines, one an interval: for logs and pipes.</summary>
internal sealed class LineDisplay(TextWriter output, TimeSpan interval) : IStudyDisplay
{
    private readonly Lock gate = new();
    private readonly StepClocks clocks = new(interval);

    public void Show(Action work) => work();

    public void Begin(string step, string what)
    {
        clocks.Restart(step);
        lock (gate) output.WriteLine($"{step}: {what}");
    }

    public void Progress(string step, double share, string now)
    {
        if (!clocks.IsDue(step)) return;
        lock (gate) output.WriteLine($"{step}: {share,4:P0} {now}");
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
