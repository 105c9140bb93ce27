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
        var study = new StudyArguments();
        var command = new CommandWithExamples("plan", "what a run would do, and about what it costs on this machine",
            ("rllc plan pipelines/quickstart.yaml", "every step: done, or how long it takes"),
            ("rllc plan pipelines/quickstart.yaml --set traces.draws=400", "the same with more draws"),
            ("rllc plan pipelines/quickstart.yaml --only clusters,report", "two steps"),
            ("rllc plan pipelines/quickstart.yaml --within 1m", "what of it fits a minute, and with what errors"));
        study.AddTo(command);
        command.SetAction(arguments => Failures.Guard(arguments, verbose, () =>
        {
            var matrix = study.Read(arguments);
            KernelChoice.CheckNamed();
            TorchNative.EnsureLoaded();
            matrix = study.Fit(arguments, matrix);
            var hashes = new InputHashes();
            var chosen = study.Chosen(arguments);
            StepSelection.CheckDone(matrix, study.Runs(arguments), chosen, hashes);
            if (matrix.Cells[0].Pipeline.Budget is { } budget) AnsiConsole.Console.Say($"Within {budget.Within}: {budget.Words}.");
            Print(StudyPlan.PlanOf(matrix, study.Runs(arguments), hashes, pipeline => StepSelection.StepsOf(pipeline, chosen)));
            foreach (var file in hashes.Kept)
            {
                AnsiConsole.Console.Say(
                    $"Not read again: {file}, {Amounts.Bytes(new FileInfo(file).Length)}, "
                    + "whose length, times and inode are those that its content was known by before.");
            }
            return 0;
        }));
        return command;
    }

    private static void Print(IReadOnlyList<PlannedStep> steps)
    {
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 160;
        PlanTable.Print(AnsiConsole.Console, steps);
        AnsiConsole.Console.Say($"To do: {Amounts.Total(steps)}. "
            + "Times are those of such steps when they last ran here, or come from a short measurement: within a factor of 1.5, "
            + "and longer on a busy machine than alone.");
    }
}
