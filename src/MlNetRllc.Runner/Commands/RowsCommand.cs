using System.CommandLine;
using Microsoft.ML;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Native;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Executors.Slurm;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Runner.Commands;

/// <summary><c>rllc rows SWEEP --task N</c>: samples one task's share of a sweep's rows.
/// Batch scripts call it; it may be called by hand, and as often as one likes.</summary>
internal static class RowsCommand
{
    public static Command Create(Option<bool> verbose)
    {
        var sweep = new Argument<string>("sweep")
        {
            Description = "folder of a sweep, such as runs/NAME/slurm/STEP-..., which a run with executor: slurm has made",
        };
        var task = new Option<int>("--task")
        {
            Description = "number of the task whose rows are sampled",
            Required = true,
            HelpName = "N",
            CustomParser = Arguments.Whole("the first is 0"),
        };
        var command = new CommandWithExamples("rows", "sample one task's share of a sweep (called by the tasks of a job array)",
            ("rllc rows runs/quickstart/slurm/traces-0123abcd --task 0", "the first task's rows, by hand"))
        {
            sweep, task,
        };
        command.SetAction(arguments => Failures.Guard(arguments, verbose, () =>
        {
            var folder = SweepFolder.Open(arguments.GetValue(sweep)!);
            KernelChoice.CheckNamed();
            TorchNative.EnsureLoaded();
            using var interruption = new Interruption();
            Sample(folder, arguments.GetValue(task), Console.Out, interruption.Token);
            return 0;
        }));
        return command;
    }

    /// <summary>Samples the rows that the store does not hold, part by part, and says at the end how it went.</summary>
    /// <exception cref="OperationCanceledException">Asked to stop: the part in hand is finished and stored, the rest is not.</exception>
    internal static void Sample(SweepFolder folder, int task, TextWriter output, CancellationToken cancellation)
    {
        if (!folder.Tasks.Contains(task))
            throw new PipelineException($"there is no task {task}; they go from 0 to {folder.Tasks.Count - 1}.", folder.Path);
        var ml = new MLContext();
        var sampler = folder.LoadSampler(ml);
        var walk = new RowWalk(folder.Tasks[task].Count());
        foreach (var part in folder.Tasks[task].GroupBy(r => r.Part))
        {
            cancellation.ThrowIfCancellationRequested();
            // The sampler takes what reaches it in lock-step: only this part does.
            var sampled = sampler.Transform(SweepFolder.GridOf(ml, part));
            walk.Through(sampled, RllcColumns.SampleStatus, _ => { }, CancellationToken.None);
            var (checkpoint, dataset) = (Path.GetFileNameWithoutExtension(part.First().Checkpoint), part.First().Dataset);
            output.WriteLine($"{DateTime.Now:yyyy-MM-dd HH:mm:ss} {checkpoint} on {dataset}: {part.Count()} rows");
        }
        folder.PutResult(task, new(walk.Rows, walk.Failed, walk.FirstReason));
        var failed = walk.Failed > 0 ? $"; {walk.Failed} cannot be sampled. The first: {walk.FirstReason}" : "";
        output.WriteLine($"{walk.Rows - walk.Failed} of {walk.Rows} rows are in the store{failed}");
    }
}
