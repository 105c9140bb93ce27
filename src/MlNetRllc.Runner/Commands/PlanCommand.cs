using System.CommandLine;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Native;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Steps;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary><c>rllc plan FILE</c>.</summary>
internal static class PlanCommand
{
    public static Command Create(Option<bool> verbose)
    {
        var file = new Argument<string>("file") { Description = "the pipeline file" };
        var set = new Option<string[]>("--set")
        {
            Description = "change an option: step.option=value; all behind the first = is the value, "
                + "a path starts from the file's folder",
            HelpName = "a.b=c",
        };
        var output = new Option<string>("--runs") { Description = "folder of the run folders", DefaultValueFactory = _ => "runs" };
        var command = new Command("plan", "what a run would do, and about what it costs on this machine") { file, set, output };
        command.SetAction(arguments => Failures.Guard(arguments, verbose, () =>
        {
            var matrix = StepKinds.Reader.ReadMatrix(arguments.GetValue(file)!, arguments.GetValue(set));
            KernelChoice.CheckNamed();
            TorchNative.EnsureLoaded();
            var hashes = new InputHashes();
            Print(StudyPlan.PlanOf(matrix, arguments.GetValue(output)!, hashes));
            foreach (var file in hashes.Kept)
            {
                Console.WriteLine(
                    $"Not read again: {file}, {Amounts.Bytes(new FileInfo(file).Length)}, "
                    + "whose length, times and inode are those that its content was known by before.");
            }
            return 0;
        }));
        return command;
    }

    private static void Print(IReadOnlyList<PlannedStep> steps)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("step", "state", "what", "time", "memory", "disk");
        foreach (var step in steps)
        {
            var state = step.Why.Length > 0 ? $"{step.State}: {step.Why}" : step.State;
            string[] cells = [step.Name, state, step.Size, .. CostOf(step)];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 160;
        AnsiConsole.Write(table);
        Console.WriteLine($"To do: {Amounts.Total(steps)}. "
            + "Times are those of such steps when they last ran here, or come from a short measurement: within a factor of 1.5, "
            + "and longer on a busy machine than alone.");
    }

    private static string[] CostOf(PlannedStep step) => step.State is "cached" or "shared"
        ? ["", "", ""]
        : [Amounts.Time(step.Seconds), Amounts.Bytes(step.MemoryBytes), Amounts.Bytes(step.DiskBytes)];
}
