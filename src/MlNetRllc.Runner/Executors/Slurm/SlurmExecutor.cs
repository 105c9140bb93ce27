using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Sampling;

namespace MlNetRllc.Runner.Executors.Slurm;

/// <summary>Shares the rows of a sweep out to a Slurm job array and waits for the store to hold them.</summary>
/// <remarks>
/// Nothing that matters is told through Slurm: a row is done when the store holds it, a task when all its rows
/// are, or when it says which ones cannot be sampled. So a task may run twice, on a node that was cut off and
/// on another, and a driver may be killed and started again.
/// </remarks>
/// <param name="options">What tasks ask for.</param>
/// <param name="slurm">The cluster.</param>
/// <param name="wrong">An error at the place where the file sets these options.</param>
internal sealed class SlurmExecutor(SlurmOptions options, ISlurm slurm, Func<string, PipelineException> wrong) : ISweepExecutor
{
    private static readonly TimeSpan HearsTheSame = TimeSpan.FromMilliseconds(500);

    public void Check()
    {
        // Slurm tells up to a minute before it should.
        if (options.WarningSeconds + 60 >= options.TimeMinutes * 60)
            throw wrong($"slurm: tasks of {options.TimeMinutes} minutes would be warned {options.WarningSeconds} seconds "
                + "before their end, which leaves no time to sample. Give more timeMinutes or fewer warningSeconds.");
        try { slurm.Check(options); }
        catch (SlurmException e) { throw wrong($"executor slurm: {e.Message}"); }
    }

    public void Fill(SweepWork work)
    {
        var store = work.Sampler.Store;
        work.Progress(0, "looking for rows that are done");
        var folder = SweepFolder.Prepare(work, options);
        // Forced: the tasks are other processes, and take what the store holds.
        if (work.Forced) store.Forget(folder.Rows.Select(r => r.Place).OfType<RowKey>());
        var open = MissingOf([.. folder.Rows], store).Select(r => r.Task).Distinct().ToList();
        if (open.Count == 0) return;

        var watch = new ArrayWatch(folder, slurm, options, store, open);
        try
        {
            while (watch.Look())
            {
                work.Progress(watch.Share, watch.Line);
                work.Cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(options.PollSeconds));
                work.Cancellation.ThrowIfCancellationRequested();
            }
        }
        // Ctrl-C reaches a command of Slurm's that happens to run as well, perhaps a moment earlier than this program.
        catch (Exception e) when (e is OperationCanceledException
            || e is SlurmException && work.Cancellation.WaitHandle.WaitOne(HearsTheSame))
        {
            watch.Cancel();
            throw new OperationCanceledException(e.Message, e, work.Cancellation);
        }
        if (watch.Failure is { } failure) throw new PartlyDoneException($"{work.Step}: {failure}");
    }

    /// <summary>The rows that can be sampled and were not.</summary>
    internal static IEnumerable<SweepRow> MissingOf(IReadOnlyCollection<SweepRow> rows, RowStore store)
    {
        var held = store.Held(rows.Select(r => r.Place).OfType<RowKey>());
        return rows.Where(r => r.Key is { } key && !held.Contains(key));
    }
}
