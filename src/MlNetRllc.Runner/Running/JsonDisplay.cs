using System.Text.Json;

namespace MlNetRllc.Runner.Running;

/// <summary>One JSON object a line: event (begin, progress, end, damaged), step, and what belongs to it.</summary>
internal sealed class JsonDisplay(TextWriter output, TimeSpan interval) : IStudyDisplay
{
    private readonly Lock gate = new();
    private readonly StepClocks clocks = new(interval);

    public void Show(Action work) => work();

    public void Begin(string step, string what)
    {
        clocks.Restart(step);
        Write(new { @event = "begin", step, component = what });
    }

    public void Progress(string step, double share, string now)
    {
        if (clocks.IsDue(step)) Write(new { @event = "progress", step, share = Math.Round(share, 4), now });
    }

    public void End(string step, string summary, TimeSpan time) =>
        Write(new { @event = "end", step, summary, seconds = Math.Round(time.TotalSeconds, 3) });

    public void Damaged(string sentence) => Write(new { @event = "damaged", sentence });

    private void Write(object line)
    {
        lock (gate) output.WriteLine(JsonSerializer.Serialize(line));
    }
}
