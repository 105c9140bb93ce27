using MlNetRllc.Runner.Commands;
using MlNetRllc.Runner.Executors.Slurm;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Tests.Runner.Executors;

/// <summary>A queue in memory: a submitted task runs when the driver looks, in this process, and ends in the state that a rule
/// gives.</summary>
/// <param name="run">Called with a task, its sweep and how often it ran before; gives the state in which it is seen next.</param>
internal sealed class FakeSlurm(Func<SweepFolder, int, int, string> run) : ISlurm
{
    private readonly Dictionary<(long Job, int Index), (SlurmArray Array, string State)> tasks = [];
    private readonly Dictionary<int, int> runs = [];

    public List<SlurmArray> Submitted { get; } = [];

    public List<long> Cancelled { get; } = [];

    /// <summary>Does the task's share, as its process would.</summary>
    public static string Complete(SweepFolder folder, int task, int before)
    {
        RowsCommand.Sample(folder, task, TextWriter.Null, default);
        return "COMPLETED";
    }

    public void Check(SlurmOptions options)
    {
        if (options.Partition == "nope") throw new SlurmException("invalid partition specified: nope");
    }

    public long Submit(SlurmArray array)
    {
        Submitted.Add(array);
        foreach (var index in array.Indices) tasks[(Submitted.Count, index)] = (array, "PENDING");
        return Submitted.Count;
    }

    public IReadOnlyList<SlurmTask> Tasks(string name)
    {
        foreach (var (key, (array, state)) in tasks.ToList())
        {
            if (array.Name != name || state != "PENDING") continue;
            var folder = SweepFolder.Open(Path.GetDirectoryName(array.Script)!);
            tasks[key] = (array, run(folder, key.Index, runs.GetValueOrDefault(key.Index)));
            runs[key.Index] = runs.GetValueOrDefault(key.Index) + 1;
        }
        return [.. tasks.Where(t => t.Value.Array.Name == name).Select(t => new SlurmTask(t.Key.Job, t.Key.Index, t.Value.State, "n1"))];
    }

    public SlurmTask? Accounted(long job, int index) => null;

    public void Cancel(IReadOnlyCollection<long> jobs, bool waitingOnly)
    {
        if (!waitingOnly) Cancelled.AddRange(jobs);
        var ended = tasks.Where(t => jobs.Contains(t.Key.Job) && (!waitingOnly || t.Value.State == "PENDING")).ToList();
        foreach (var (key, (array, _)) in ended) tasks[key] = (array, "CANCELLED");
    }
}
