using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Weights;
using MlNetRllc.Grid;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Sampling;

namespace MlNetRllc.Runner.Executors.Slurm;

/// <summary>A row of a sweep as its tasks read it.</summary>
/// <param name="Task">Number of the task that samples it.</param>
/// <param name="Part">Number of the rows that it is sampled in lock-step with.</param>
/// <param name="Step">Training step of the checkpoint.</param>
/// <param name="Component">Such as <c>l0h3</c>.</param>
/// <param name="Dataset">Name of the dataset.</param>
/// <param name="Checkpoint">Path of the weights.</param>
/// <param name="Key">Under which the store keeps its result; null when the row cannot be sampled.</param>
internal sealed record SweepRow(int Task, int Part, int Step, string Component, string Dataset, string Checkpoint, string? Key)
{
    /// <summary>Key of the rows that the store keeps it with. Only the driver asks; neither the tasks nor the
    /// folder's name know it.</summary>
    internal string? Group { get; init; }

    /// <summary>Where the store keeps its result; null when the row cannot be sampled, or as a task reads it.</summary>
    internal RowKey? Place => Key is not null && Group is not null ? new(Group, Key) : null;
}

/// <summary>All rows of a sweep, as they stand in its file.</summary>
internal sealed record SweepRows(IReadOnlyList<SweepRow> Rows);

/// <summary>How a task ended that came to its end.</summary>
/// <param name="Rows">Rows of its share.</param>
/// <param name="Failed">Rows among them that could not be sampled.</param>
/// <param name="Reason">Why the first of those could not.</param>
internal sealed record TaskResult(int Rows, int Failed, string Reason);

/// <summary>
/// What the tasks of a sweep need, in a folder that driver and nodes share: the sampler with its texts as a
/// model file of ML.NET, the rows, the batch script, logs, and a file for each task that came to its end. Named
/// by content, so that a restarted driver finds its own.
/// </summary>
internal sealed class SweepFolder
{
    private SweepFolder(string path, IReadOnlyList<SweepRow> rows) => (Path, Rows, Tasks) = (path, rows, rows.ToLookup(r => r.Task));

    public string Path { get; }

    public IReadOnlyList<SweepRow> Rows { get; }

    /// <summary>The rows of each task.</summary>
    public ILookup<int, SweepRow> Tasks { get; }

    public string Script => At("task.sh");

    public string Logs => At("logs");

    /// <summary>The job name: one for each content and place, so that two runs never take each other's arrays for their own.</summary>
    public string JobName => $"rllc-{Key([Path])}";

    /// <summary>Makes the folder of a sweep in a run's folder, or finds it.</summary>
    /// <param name="work">The sweep.</param>
    /// <param name="options">How rows are shared out.</param>
    public static SweepFolder Prepare(SweepWork work, SlurmOptions options)
    {
        var rows = Share(work, options);
        var folder = new SweepFolder(SafePath.Within(work.RunFolder, "slurm", $"{work.Step}-{Key(rows.Select(r => $"{r}"))}"), rows);
        Directory.CreateDirectory(folder.Logs);
        Directory.CreateDirectory(folder.At("ended"));
        // The sampler is written first: rows without it would mislead a task that an earlier driver submitted.
        if (!File.Exists(folder.At("sampler.zip")))
            AtomicFile.Write(folder.At("sampler.zip"), stream => new MLContext().Model.Save(work.Sampler, work.Grid.Schema, stream));
        SealedFile.Write(folder.At("rows.json"), JsonSerializer.SerializeToUtf8Bytes(new SweepRows(rows), RunRecord.Json));
        var script = TaskScript.TextOf(TaskScript.Command(options.Command), folder.Path);
        AtomicFile.Write(folder.Script, stream => stream.Write(Encoding.UTF8.GetBytes(script)));
        return folder;
    }

    /// <summary>Opens the folder that a driver has made.</summary>
    /// <exception cref="PipelineException">There is none.</exception>
    public static SweepFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            var content = SealedFile.Read(System.IO.Path.Combine(full, "rows.json"));
            var rows = JsonSerializer.Deserialize<SweepRows>(content, RunRecord.Json)?.Rows;
            var isWhole = rows is { Count: > 0 }
                && rows.All(r => r is { Component: not null, Dataset: not null, Checkpoint: not null });
            return isWhole ? new(full, rows!) : throw new JsonException("it lists no rows");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException or InvalidDataException)
        {
            throw new PipelineException(
                $"this is not the folder of a sweep ({e.Message}). "
                + "A run with executor: slurm makes one below its own, such as runs/quickstart/slurm/traces-...", path);
        }
    }

    /// <summary>The sampler, with the texts and the store of the driver.</summary>
    /// <exception cref="IOException">A link in the folder, or in the store, leads out of the run or its sweep.</exception>
    public SgldSamplingTransformer LoadSampler(MLContext ml)
    {
        var sampler = (SgldSamplingTransformer)ml.Model.Load(At("sampler.zip"), out _);
        var run = System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, "..", ".."));
        if (sampler.Store.Folder is { } store)
        {
            var root = SafePath.Contains(run, store) ? run : System.IO.Path.GetDirectoryName(run)!;
            SafePath.CheckWithin(root, store);
            RunFolder.CheckLinks(store, root);
        }
        return sampler;
    }

    /// <summary>The grid of some rows.</summary>
    public static IDataView GridOf(MLContext ml, IEnumerable<SweepRow> rows) => ml.Data.LoadFromEnumerable(
        rows.Select(r => new GridRow { Step = r.Step, Component = r.Component, Dataset = r.Dataset, Checkpoint = r.Checkpoint }).ToList());

    public void PutResult(int task, TaskResult result) =>
        SealedFile.Write(ResultOf(task), JsonSerializer.SerializeToUtf8Bytes(result, RunRecord.Json));

    /// <summary>How a task ended, or null when it has not come to its end.</summary>
    public TaskResult? FindResult(int task)
    {
        var path = ResultOf(task);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<TaskResult>(SealedFile.Read(path), RunRecord.Json) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Forgets how a task ended, so that it is asked anew.</summary>
    public void ForgetResult(int task) => SharedFile.Delete(ResultOf(task));

    /// <summary>The last lines that a task has written.</summary>
    public string LastLines(int task, int most)
    {
        var path = System.IO.Path.Combine(Logs, $"{task}.log");
        if (!File.Exists(path)) return $"It wrote no log ({path}).";
        using var reader = new StreamReader(SharedFile.OpenRead(path));
        var lines = new Queue<string>();
        while (reader.ReadLine() is { } line)
        {
            if (lines.Count == most) lines.Dequeue();
            lines.Enqueue(line);
        }
        return $"The end of {path}:{string.Concat(lines.Select(l => $"\n  {l}"))}";
    }

    private string At(params string[] parts) => SafePath.Within(Path, parts);

    private string ResultOf(int task) => At("ended", string.Create(CultureInfo.InvariantCulture, $"{task}.json"));

    private static List<SweepRow> Share(SweepWork work, SlurmOptions options)
    {
        var ml = new MLContext();
        var grid = ml.Data.CreateEnumerable<GridRow>(work.Grid, reuseRowObject: false).ToList();
        var keys = work.Sampler.KeysOf(grid);
        var parts = Enumerable.Range(0, grid.Count).GroupBy(i => (grid[i].Checkpoint, grid[i].Dataset))
            .SelectMany(group => group.Chunk(options.ComponentsPerPart > 0 ? options.ComponentsPerPart : grid.Count)).ToList();
        var tasks = Math.Min(parts.Count, options.MostTasks);
        // Task by task, and in each the parts of one checkpoint beside each other: its weights are then read once.
        return [.. parts.SelectMany((part, p) => part.Select(i =>
            new SweepRow(
                (int)((long)p * tasks / parts.Count), p,
                grid[i].Step, grid[i].Component, grid[i].Dataset, grid[i].Checkpoint,
                keys[i]?.Row)
            {
                Group = keys[i]?.Group,
            }))];
    }

    private static string Key(IEnumerable<string> lines) => ContentHash.OfText(string.Join('\n', lines))[..12];
}
