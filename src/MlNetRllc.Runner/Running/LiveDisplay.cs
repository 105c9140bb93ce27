using Spectre.Console;
using Spectre.Console.Rendering;

namespace MlNetRllc.Runner.Running;

/// <summary>A live table on a terminal: a bar for the whole run, one for each step at work.
/// What is done stands above it as lines.</summary>
/// <param name="console">The terminal.</param>
/// <param name="run">How far the whole run is.</param>
internal sealed class LiveDisplay(IAnsiConsole console, RunProgress run) : IStudyDisplay
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly Dictionary<string, StepPace> paces = new(StringComparer.Ordinal);
    private readonly List<(string Step, string Now)> atWork = [];

    public void Show(Action work) => console.Live(Draw()).AutoClear(true).Start(live =>
    {
        using var timer = new Timer(_ => live.UpdateTarget(Draw()), null, Refresh, Refresh);
        work();
    });

    public void Begin(string step, string what)
    {
        lock (gate)
        {
            paces[step] = new();
            atWork.Add((step, what));
        }
    }

    public void Progress(string step, double share, string now)
    {
        lock (gate)
        {
            Reach(step, share);
            if (atWork.FindIndex(s => s.Step == step) is >= 0 and var at) atWork[at] = (step, now);
        }
    }

    public void End(string step, string summary, TimeSpan time)
    {
        lock (gate)
        {
            Reach(step, 1);
            atWork.RemoveAll(s => s.Step == step);
        }
        SayAbove($"{step}: {summary} ({time.TotalSeconds:F1} s)");
    }

    public void Damaged(string sentence) => SayAbove(sentence);

    // To the end of each line, over what was drawn there.
    private void SayAbove(string line)
    {
        var width = console.Profile.Width - 1;
        foreach (var part in WordWrap.Wrap(line, width).Split('\n'))
            console.Write(new Spectre.Console.Text($"{part.PadRight(width)}\n"));
    }

    private void Reach(string step, double share)
    {
        paces[step].Reach(share);
        run.Reach(step, share);
    }

    private IRenderable Draw()
    {
        lock (gate)
        {
            var all = new LiveLine("all", run.Pace.Share, run.Pace.Elapsed, run.Left,
                $"{run.Done} of {run.Steps} steps done");
            var steps = atWork.Select(s => new LiveLine(s.Step, paces[s.Step].Share, paces[s.Step].Elapsed, paces[s.Step].Left, s.Now));
            return LiveLines.Draw(console, all, steps.ToList());
        }
    }
}
