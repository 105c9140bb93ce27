using System.CommandLine;
using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Native;
using MlNetRllc.Runner.Executors;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Report;
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
        var study = new StudyArguments();
        var executor = new Option<string>("--executor")
        {
            Description = "where sweeps are sampled, instead of what the file says",
            HelpName = "local|slurm",
        };
        executor.AcceptOnlyFromAmong("local", "slurm");
        var plain = new Option<bool>("--plain") { Description = "plain lines instead of live bars" };
        var log = new Option<string>("--log") { Description = "json: a JSON object a line, for programs", HelpName = "json" };
        log.AcceptOnlyFromAmong("json");
        var force = StudyArguments.StepNames("--force", "do these steps anew although their results are there");
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
        var command = new CommandWithExamples("run", "run a study; what an earlier run finished is kept",
            ("rllc run pipelines/quickstart.yaml", "the whole study, or what is not done of it"),
            ("rllc run pipelines/quickstart.yaml --set model.steps=500 --set seed=2", "with other options"),
            ("rllc run pipelines/quickstart.yaml --only report", "one step"),
            ("rllc run pipelines/quickstart.yaml --within 2m", "as much of it as fits, with larger errors"));
        study.AddTo(command);
        foreach (var option in (Option[])[force, keepGoing, cores, executor, plain, log]) command.Options.Add(option);
        command.SetAction(arguments => Failures.Guard(arguments, verbose, () =>
        {
            string[] where = arguments.GetValue(executor) is { } chosen ? [$"executor={chosen}"] : [];
            var matrix = study.Read(arguments, where);
            foreach (var cell in matrix.Cells) SweepExecutors.ExecutorOf(cell.Pipeline).Check();
            KernelChoice.CheckNamed();
            TorchNative.EnsureLoaded();
            if (CoreBudget.ApplyHere(arguments.GetValue(cores), HostPlatform.This, TorchSharp.torch.set_num_threads) is { } held)
                Console.Error.WriteLine($"note: {held}");
            if (matrix.Cells[0].Pipeline.File.MigratedFrom is var old && old != PipelineReader.Version)
            {
                Console.Error.WriteLine(
                    $"note: {study.File(arguments)} has the form of version {old}, "
                    + $"which is read as version {PipelineReader.Version}.");
            }
            using var interruption = new Interruption();
            var live = !arguments.GetValue(plain) && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;
            var json = arguments.GetValue(log) == "json";
            var options = study.Chosen(arguments) with
            {
                Force = StudyArguments.Names(arguments.GetValue(force)),
                KeepGoing = arguments.GetValue(keepGoing), Cores = arguments.GetValue(cores),
            };
            var runs = study.Runs(arguments);
            matrix = study.Fit(arguments, matrix);
            if (matrix.Cells[0].Pipeline.Budget is { } budget) StateBudget(budget, json);
            var isLong = StudyPlan.IsLong(matrix);
            IEnumerable<StepSpec> Chosen(Pipeline pipeline) => StepSelection.StepsOf(pipeline, options);
            var plan = isLong ? StudyPlan.PlanOf(matrix, runs, chosen: Chosen) : StudyPlan.RoughPlanOf(matrix, Chosen);
            if (isLong) StateCost(plan, runs, json);
            IStudyDisplay display = json ? new JsonDisplay(Console.Out, TimeSpan.FromSeconds(1))
                : live ? new Running.LiveDisplay(AnsiConsole.Console, new(plan, isLong))
                : new LineDisplay(Console.Out, TimeSpan.FromSeconds(10));
            IReadOnlyList<string> problems;
            if (matrix.IsSweep)
            {
                var record = SweepRunner.Run(matrix, runs, display, options, interruption.Token);
                WritePage(matrix, runs, json);
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

    /// <summary>All runs of a sweep on one page, beside their joined tables.</summary>
    private static void WritePage(StudyMatrix matrix, string runs, bool json)
    {
        var page = Path.Combine(runs, matrix.Name, RunFolder.ReportName);
        var shown = SweepPage.Write(page, matrix.Name,
            matrix.Cells.Select(c => (c.Name, Path.Combine(matrix.FolderOf(runs, c), RunFolder.ReportName))));
        if (shown > 1 && !json) AnsiConsole.Console.Say($"{shown} runs on one page: {page}");
    }

    // Before anything is begun, so that nobody learns after days that it takes weeks, or that the disk is too small.
    private static void StateCost(IReadOnlyList<PlannedStep> steps, string runs, bool json)
    {
        if (json) Console.WriteLine(JsonSerializer.Serialize(PlanEvent(steps)));
        else if (steps.Any(s => s.State is not ("cached" or "shared")))
            AnsiConsole.Console.Say($"To do: {Amounts.Total(steps)} (rllc plan lists the steps).");
        if (FreeSpace.In(Directory.CreateDirectory(runs).FullName) is { } free && free < steps.Sum(s => s.DiskBytes))
        {
            Console.Error.WriteLine(
                $"note: {Amounts.Bytes(free)} are free under {Path.GetFullPath(runs)}, less than that.");
        }
    }

    private static void StateBudget(BudgetChoice budget, bool json)
    {
        if (json) Console.WriteLine(JsonSerializer.Serialize(new { @event = "within", time = budget.Within, steps = budget.Steps }));
        else AnsiConsole.Console.Say($"Within {budget.Within}: {budget.Words}.");
    }

    private static object PlanEvent(IReadOnlyList<PlannedStep> steps) => new
    {
        @event = "plan",
        seconds = Math.Round(steps.Where(s => double.IsFinite(s.Seconds)).Sum(s => s.Seconds)),
        memoryBytes = steps.Select(s => s.MemoryBytes).DefaultIfEmpty().Max(),
        diskBytes = steps.Sum(s => s.DiskBytes),
    };
}
