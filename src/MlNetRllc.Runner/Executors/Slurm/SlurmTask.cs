using System.Globalization;

namespace MlNetRllc.Runner.Executors.Slurm;

/// <summary>Where a task stands.</summary>
internal enum SlurmPhase
{
    /// <summary>In the queue, for the first time or again.</summary>
    Waiting,

    /// <summary>On a node.</summary>
    Running,

    /// <summary>Gone from the queue, whatever the outcome.</summary>
    Ended,
}

/// <summary>A task of a job array, as Slurm tells it.</summary>
/// <param name="Job">Number of the array.</param>
/// <param name="Index">Number of the task in it.</param>
/// <param name="State">Slurm's word, such as <c>RUNNING</c>.</param>
/// <param name="Node">Where it runs or ran; may be empty.</param>
/// <param name="Reason">Why it waits or ended; may be empty.</param>
internal sealed record SlurmTask(long Job, int Index, string State, string Node = "", string Reason = "")
{
    /// <summary>Fields that <c>squeue --format</c> is asked for: array, index, state, node, reason (last, for it is free text).</summary>
    public const string QueueFormat = "%F|%K|%T|%N|%r";

    /// <summary>Fields that <c>sacct --format</c> is asked for.</summary>
    public const string AccountingFormat = "JobID,State,NodeList";

    private static readonly HashSet<string> Waits = ["PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT"];
    private static readonly HashSet<string> Ends =
    [
        "COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "NODE_FAIL",
        "PREEMPTED", "OUT_OF_MEMORY", "BOOT_FAIL", "DEADLINE", "REVOKED",
    ];

    /// <summary>A state that no list knows counts as running: the task is then waited for rather than submitted twice.</summary>
    public SlurmPhase Phase => Waits.Contains(State) ? SlurmPhase.Waiting : Ends.Contains(State) ? SlurmPhase.Ended : SlurmPhase.Running;

    /// <summary>Whether the cluster ended it, not the task itself.</summary>
    public bool EndedByCluster => State is "NODE_FAIL" or "PREEMPTED" or "BOOT_FAIL";

    /// <summary>Whether somebody ended it on purpose.</summary>
    public bool Cancelled => State == "CANCELLED";

    /// <summary>The tasks in the output of squeue; lines that are no tasks are passed over.</summary>
    public static IReadOnlyList<SlurmTask> ParseQueue(string output)
    {
        var tasks = new List<SlurmTask>();
        foreach (var line in Lines(output))
        {
            var fields = line.Split('|', 5);
            if (fields.Length < 5 || Number(fields[0].Trim()) is not { } job) continue;
            var (state, node, reason) = (Word(fields[2]), Plain(fields[3]), Plain(fields[4]));
            tasks.AddRange(ArrayIndices.Parse(fields[1]).Select(index => new SlurmTask(job, index, state, node, reason)));
        }
        return tasks;
    }

    /// <summary>The tasks in the output of sacct: <c>8_0|CANCELLED by 1000|n1</c>; steps such as
    /// <c>8_0.batch</c> are passed over.</summary>
    public static IReadOnlyList<SlurmTask> ParseAccounting(string output)
    {
        var tasks = new List<SlurmTask>();
        foreach (var line in Lines(output))
        {
            var fields = line.Split('|');
            if (fields.Length < 3 || fields[0].Split('_') is not [var number, var indices]
                || Number(number) is not { } job) continue;
            var (state, node) = (Word(fields[1]), Plain(fields[2]));
            tasks.AddRange(ArrayIndices.Parse(indices).Select(index => new SlurmTask(job, index, state, node)));
        }
        return tasks;
    }

    /// <summary>The number of a job in the output of <c>sbatch --parsable</c>: <c>42</c> or <c>42;cluster</c>,
    /// perhaps behind lines of warnings.</summary>
    public static long? ParseSubmitted(string output) =>
        Lines(output).Select(line => Number(line.Split(';')[0].Trim())).LastOrDefault(job => job is not null);

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var job) ? job : null;

    private static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Word(string state) => state.Trim().Split(' ', '+')[0].ToUpperInvariant();

    private static string Plain(string field) =>
        field.Trim() is var text && text is "None" or "(null)" or "N/A" or "None assigned" ? "" : text;
}
