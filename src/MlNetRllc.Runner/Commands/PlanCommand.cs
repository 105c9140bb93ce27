using System.CommandLine;
using MlNetRllc.Core.Native;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary><c>rllc plan FILE</c>.</summary>
internal static class PlanCommand
{
    public static Command Create(Option<bool> verbose)
    {
        var file = new Argument<string>("file") { Description = "the pipeline file" };
        var set = new Option<string[]>("--set") { Description = "change an option: step.option=value", HelpName = "a.b=c" };
        var output = new Option<string>("--runs") { Description = "folder of the run folders", DefaultValueFactory = _ => "runs" };
        var command = new Command("plan", "what a run would do, and about what it costs on this machine") { file, set, output };
        command.SetAction(arguments => Failures.Guard(arguments.GetValue(verbose), () =>
        {
            var pipeline = PipelineReader.Read(arguments.GetValue(file)!, arguments.GetValue(set));
            TorchNative.EnsureLoaded();
            Print(StudyPlan.Of(pipeline, Path.Combine(arguments.GetValue(output)!, pipeline.Name)));
            return 0;
        }));
        return command;
    }

    private static void Print(IReadOnlyList<PlannedStep> steps)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("step", "state", "what", "time", "memory", "disk");
        foreach (var step in steps)
            table.AddRow([.. ((string[])[step.Name, step.Why.Length > 0 ? $"{step.State}: {step.Why}" : step.State, step.Size, Time(step.Seconds), Size(step.MemoryBytes), Size(step.DiskBytes)]).Select(Markup.Escape)]);
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 160;
        AnsiConsole.Write(table);
        var open = steps.Where(s => s.State != "cached" && double.IsFinite(s.Seconds)).ToList();
        Console.WriteLine($"To do: about {Time(open.Sum(s => s.Seconds))}, {Size(steps.Max(s => s.MemoryBytes))} of memory, {Size(open.Sum(s => s.DiskBytes))} of disk. "
            + "Times come from a short measurement at shorter contexts: training within a factor of two, sampling rather too long (up to threefold). "
            + "Reading the text is not in them, and rows that are already stored are not taken off.");
    }

    private static string Time(double seconds) => !double.IsFinite(seconds) ? "depends on the text" : seconds switch
    {
        < 90 => $"{seconds:F0} s",
        < 5400 => $"{seconds / 60:F0} min",
        < 172_800 => $"{seconds / 3600:F1} h",
        _ => $"{seconds / 86_400:F1} days",
    };

    private static string Size(double bytes) => bytes < 1 << 20 ? $"{bytes / 1024:F0} KiB" : bytes < 1 << 30 ? $"{bytes / (1 << 20):F0} MiB" : $"{bytes / (1 << 30):F1} GiB";
}
