using System.Diagnostics;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Sampling;

namespace MlNetRllc.Runner.Executors.Slurm;

/// <summary>Follows the tasks of a sweep: submits those that are nowhere, again those that failed, until every
/// row is there or no retry is left.</summary>
internal sealed class ArrayWatch(SweepFolder folder, ISlurm slurm, SlurmOptions options, RowStore store, IEnumerable<int> tasks)
{
    private const int LogLines = 20, LooksBeforeLost = 2;

    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(30);

    private readonly HashSet<int> open = [.. tasks];
    private readonly HashSet<SweepRow> missing = [.. SlurmExecutor.MissingOf([.. tasks.SelectMany(t => folder.Tasks[t])], store)];
    private readonly Dictionary<int, int> failures = [];
    private readonly Dictionary<int, int> unseen = [];
    private readonly Dictionary<int, long> submitted = [];
    private readonly List<(int Task, string Why)> lost = [];
    private readonly Stopwatch silence = new();
    private bool begun;

    /// <summary>How much of the sweep is in the store, from 0 to 1.</summary>
    public double Share => 1 - missing.Count / (double)folder.Rows.Count;

    /// <summary>Where the tasks stand, in words.</summary>
    public string Line { get; private set; } = "";

    /// <summary>Why rows are missing at the end; null when none is.</summary>
    public string? Failure => lost.Count == 0 ? null
        : $"{lost.Count} of {folder.Tasks.Count} tasks failed, each more often than {options.Retries} retries allow; "
            + $"{Kept} are kept, and the same command goes on from there. "
            + $"Task {lost[0].Task} {lost[0].Why}. {folder.LastLines(lost[0].Task, LogLines)}";

        private string Kept => $"{folder.Rows.Count - missing.Count} of {folder.Rows.Count} rows";

    /// <summary>Looks at store and queue once, and submits what has to be.</summary>
    /// <returns>Whether there is anything left to wait for.</returns>
    /// <exception cref="SlurmException">Slurm takes no array, or has not answered for long.</exception>
    public bool Look()
    {
        if (Ask() is not { } known)
        {
            Settle([]);
            return open.Count > 0;
        }
        if (!begun)
        {
            // What ended before this run has nothing to say about it: a cause may be gone. What still runs is taken over.
            foreach (var task in open.Where(t => !Has(known, t))) folder.ForgetResult(task);
        }
        Settle(known);
        if (open.Count == 0)
        {
            // A task whose rows another node has finished meanwhile need not start.
            slurm.Cancel([.. known.Where(t => t.Phase == SlurmPhase.Waiting).Select(t => t.Job).Distinct()], waitingOnly: true);
            return false;
        }
        var start = begun ? Failed(known) : [.. open.Where(t => !Has(known, t))];
        begun = true;
        if (start.Count > 0)
        {
            var job = slurm.Submit(new(folder.JobName, start, folder.Script, folder.Logs, options));
            foreach (var task in start) (submitted[task], unseen[task]) = (job, 0);
        }
        Line = Describe(known, start.Count);
        return open.Count > 0;
    }

    /// <summary>Ends all tasks. Rows that are stored stay.</summary>
    public void Cancel()
    {
        var jobs = submitted.Values.ToHashSet();
        // The queue also knows arrays of an earlier driver, and one whose number was not received.
        try { jobs.UnionWith(slurm.Tasks(folder.JobName).Where(t => t.Phase != SlurmPhase.Ended).Select(t => t.Job)); }
        catch (SlurmException) when (jobs.Count > 0) { }
        slurm.Cancel(jobs, waitingOnly: false);
    }

    /// <summary>The tasks as Slurm tells them; null while it does not answer, as when its controller is being restarted.</summary>
    private IReadOnlyList<SlurmTask>? Ask()
    {
        try
        {
            var known = slurm.Tasks(folder.JobName);
            silence.Reset();
            return known;
        }
        catch (SlurmException e) when (begun)
        {
            silence.Start();
            Line = $"Slurm does not answer: {e.Message}";
            return silence.Elapsed < LongestSilence ? null
                : throw new SlurmException(
                    $"Slurm has not answered for {LongestSilence.TotalMinutes:F0} minutes ({e.Message}). "
                    + "Its tasks go on if it does; the same command finds them again.", e);
        }
    }

    /// <summary>Strikes off what is done.</summary>
    private void Settle(IReadOnlyList<SlurmTask> known)
    {
        missing.IntersectWith([.. SlurmExecutor.MissingOf(missing, store)]);
        var waiting = missing.Select(r => r.Task).ToHashSet();
        // A task at its end with rows missing has said why; the step meets the same reason when it reads those rows.
        open.RemoveWhere(t => !waiting.Contains(t) || folder.FindResult(t) is not null && !Has(known, t));
    }

    private static bool Has(IReadOnlyList<SlurmTask> known, int task) => known.Any(t => t.Index == task && t.Phase != SlurmPhase.Ended);

    /// <summary>The open tasks that are gone from the queue and may be submitted again; those that may not are lost.</summary>
    private List<int> Failed(IReadOnlyList<SlurmTask> known)
    {
        var again = new List<int>();
        foreach (var task in open.Order().ToList())
        {
            if (Has(known, task))
            {
                unseen[task] = 0;
                continue;
            }
            // A shared file system may show a result only some time after the task has ended.
            unseen[task] = unseen.GetValueOrDefault(task) + 1;
            if (unseen[task] < LooksBeforeLost) continue;
            var last = Last(known, task);
            if (last?.EndedByCluster != true) failures[task] = failures.GetValueOrDefault(task) + 1;
            if (last?.Cancelled != true && failures.GetValueOrDefault(task) <= options.Retries)
            {
                again.Add(task);
                continue;
            }
            lost.Add((task, last?.Cancelled == true ? "was cancelled" : Ended(failures[task], last)));
            open.Remove(task);
        }
        return again;
    }

    private static string Ended(int times, SlurmTask? last)
    {
        var state = last?.State ?? "in a state that Slurm has forgotten";
        var node = last?.Node.Length > 0 ? $" on {last.Node}" : "";
        return $"ended {times} times without its rows, the last time {state}{node}";
    }

    private SlurmTask? Last(IReadOnlyList<SlurmTask> known, int task) =>
        known.Where(t => t.Index == task).MaxBy(t => t.Job)
        ?? (submitted.TryGetValue(task, out var job) ? slurm.Accounted(job, task) : null);

    private string Describe(IReadOnlyList<SlurmTask> known, int started)
    {
        var ours = known.Where(t => open.Contains(t.Index)).ToList();
        var (running, queued) = (ours.Count(t => t.Phase == SlurmPhase.Running), ours.Where(t => t.Phase == SlurmPhase.Waiting).ToList());
        var reason = queued.GroupBy(t => t.Reason).OrderByDescending(g => g.Count()).FirstOrDefault()?.Key;
        return $"{Kept}; tasks: {running} running, {queued.Count + started} waiting"
            + (reason is { Length: > 0 } ? $" ({reason})" : "")
            + (failures.Count > 0 ? $", {failures.Values.Sum()} failures" : "")
            + (lost.Count > 0 ? $", {lost.Count} lost" : "");
    }
}
