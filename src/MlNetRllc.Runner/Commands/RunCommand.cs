using System.CommandLine;
using System.Text.Json;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Native;
using MlNetRllc.Runner.Executors;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary><c>rllc run FILE</c>.</summary>
internal static class RunCommand
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
        var executor = new Option<ExecutorKind?>("--executor")
        {
            Description = "where sweeps are sampled, instead of what the file says",
            HelpName = "local|slurm",
        };
        var plain = new Option<bool>("--plain") { Description = "plain lines instead of live bars" };
        var log = new Option<string>("--log") { Description = "json: a JSON object a line, for programs", HelpName = "json" };
        log.AcceptOnlyFromAmong("json");
        var only = StepNames("--only", "do these steps only; what they need must be done");
        var from = new Option<string>("--from")
        {
            Description = "do this step and those behind it; what they need must be done",
            HelpName = "step",
        };
        var force = StepNames("--force", "do these steps anew although their results are there");
        var keepGoing = new Option<bool>("--keep-going")
        {
            Description = "after a failure, go on with what does not depend on it (exit code 3)",
        };
        var cores = new Option<int>("--cores")
        {
            Description = "cores to use together; all when 0",
            HelpName = "n",
            CustomParser = Arguments.Whole("0 for all"),
        };
        var command = new Command("run", "run a study; what an earlier run finished is kept")
            { file, set, only, from, force, keepGoing, cores, executor, output, plain, log };
        command.SetAction(arguments => Failures.Guard(arguments, verbose, () =>
        {
            string[] where = arguments.GetValue(executor) is { } chosen ? [$"executor={chosen}"] : [];
            string[] changes = [.. arguments.GetValue(set) ?? [], .. where];
            var matrix = StepKinds.Reader.ReadMatrix(arguments.GetValue(file)!, changes);
            foreach (var cell in matrix.Cells) SweepExecutors.ExecutorOf(cell.Pipeline).Check();
            KernelChoice.CheckNamed();
            TorchNative.EnsureLoaded();
            if (matrix.Cells[0].Pipeline.File.MigratedFrom is var old && old != PipelineReader.Version)
            {
                Console.Error.WriteLine(
                    $"note: {arguments.GetValue(file)} has the form of version {old}, "
                    + $"which is read as version {PipelineReader.Version}.");
            }
            using var interruption = new Interruption();
            var live = !arguments.GetValue(plain) && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;
            var json = arguments.GetValue(log) == "json";
            IStudyDisplay display = json ? new JsonDisplay(Console.Out, TimeSpan.FromSeconds(1))
                : live ? new Running.LiveDisplay(AnsiConsole.Console)
                : new LineDisplay(Console.Out, TimeSpan.FromSeconds(10));
            var options = new RunOptions
            {
                Only = Names(arguments.GetValue(only)), From = arguments.GetValue(from), Force = Names(arguments.GetValue(force)),
                KeepGoing = arguments.GetValue(keepGoing), Cores = arguments.GetValue(cores),
            };
            var runs = arguments.GetValue(output)!;
            if (StudyPlan.IsLong(matrix)) StateCost(StudyPlan.PlanOf(matrix, runs), runs, json);
            IReadOnlyList<string> problems;
            if (matrix.IsSweep)
            {
                var record = SweepRunner.Run(matrix, runs, display, options, interruption.Token);
                if (!json) SweepTable.Print(AnsiConsole.Console, record, Path.Combine(runs, matrix.Name));
                problems = record.Problems;
            }
            else
            {
                using var folder = RunFolder.Open(matrix.FolderOf(runs, matrix.Cells[0]));
                var record = StudyRunner.Run(matrix.Cells[0].Pipeline, folder, display, interruption.Token, options);
                if (!json) Closing.Print(AnsiConsole.Console, record, folder);
                problems = record.Problems;
            }
            foreach (var problem in problems) Console.Error.WriteLine($"error: {problem}");
            return problems.Count == 0 ? 0 : 3;
        }));
        return command;
    }

    // Before anything is begun, so that nobody learns after days that it takes weeks, or that the disk is too small.
    private static void StateCost(IReadOnlyList<PlannedStep> steps, string runs, bool json)
    {
        if (json) Console.WriteLine(JsonSerializer.Serialize(PlanEvent(steps)));
        else if (steps.Any(s => s.State is not ("cached" or "shared")))
            Console.WriteLine($"To do: {Amounts.Total(steps)} (rllc plan lists the steps).");
        var free = new DriveInfo(Directory.CreateDirectory(runs).FullName).AvailableFreeSpace;
        if (free < steps.Sum(s => s.DiskBytes))
        {
            Console.Error.WriteLine(
                $"note: {Amounts.Bytes(free)} are free under {Path.GetFullPath(runs)}, less than that.");
        }
    }

    private static object PlanEvent(IReadOnlyList<PlannedStep> steps) => new
    {
        @event = "plan",
        seconds = Math.Round(steps.Where(s => double.IsFinite(s.Seconds)).Sum(s => s.Seconds)),
        memoryBytes = steps.Max(s => s.MemoryBytes),
        diskBytes = steps.Sum(s => s.DiskBytes),
    };

    private static Option<string[]> StepNames(string name, string description) =>
        new(name) { Description = description, HelpName = "step,step" };

    private static string[] Names(string[]? given)
    {
        const StringSplitOptions plain = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        return [.. (given ?? []).SelectMany(g => g.Split(',', plain))];
    }
}
