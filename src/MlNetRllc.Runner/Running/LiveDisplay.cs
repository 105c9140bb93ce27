using System.Collections.Concurrent;
using Spectre.Console;

namespace MlNetRllc.Runner.Running;

/// <summary>Live bars on a terminal, a bar a step.</summary>
internal sealed class LiveDisplay(IAnsiConsole console) : IStudyDisplay
{
    private readonly ConcurrentDictionary<string, ProgressTask> tasks = new(StringComparer.Ordinal);
    private ProgressContext? context;

    public void Show(Action work) => console.Progress().AutoClear(false).HideCompleted(false)
        .Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = 24 },
            new PercentageColumn(),
            new ElapsedTimeColumn(),
            new RemainingTimeColumn())
        .Start(started =>
        {
            context = started;
            work();
        });

    public void Begin(string step, string what) => tasks[step] = context!.AddTask(Describe(step, what), maxValue: 1);

    public void Progress(string step, double share, string now)
    {
        tasks[step].Value = share;
        tasks[step].Description = Describe(step, now);
    }

    public void End(string step, string summary, TimeSpan time)
    {
        tasks[step].Value = 1;
        tasks[step].Description = Describe(step, summary);
        tasks[step].StopTask();
    }

    // Above the bars.
    public void Damaged(string sentence) => console.WriteLine(sentence);

    private static string Describe(string step, string what) => $"[bold]{Markup.Escape(step)}[/] {Markup.Escape(what)}";
}
