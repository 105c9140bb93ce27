using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>What the tasks of a job array ask for, and how the driver treats them.</summary>
internal sealed record SlurmOptions
{
    [Description("partition; the cluster's default when empty")]
    public string Partition { get; init; } = "";

    [Description("account that is charged; the user's default when empty")]
    public string Account { get; init; } = "";

    [Description("cores of a task"), Range(1, 1024)]
    public int Cpus { get; init; } = 2;

    [Description("memory of a task, MiB; the cluster's default when 0"), Range(0, 16_777_216)]
    public int MemoryMebibytes { get; init; } = 4096;

    [Description("time limit of a task, minutes; a task that reaches it goes on where it was after being queued again"), Range(1, 525_600)]
    public int TimeMinutes { get; init; } = 240;

    [Description("seconds before the time limit at which a task is warned (signal USR1): it finishes the rows in hand, "
        + "saves them and queues itself again; longer than one part takes")]
    [Range(1, 86_400)]
    public int WarningSeconds { get; init; } = 600;

    [Description("tasks that run at the same time, at most; no limit when 0"), Range(0, 1_000_000)]
    public int Throttle { get; init; }

    [Description("components of one checkpoint and dataset that a task samples in lock-step before it saves; "
        + "all of them when 0 (which shares the most work)")]
    [Range(0, 1_000_000)]
    public int ComponentsPerPart { get; init; }

    [Description("tasks of the array, at most; a sweep of more parts gives each task several "
        + "(clusters take about a thousand tasks an array)")]
    [Range(1, 1_000_000)]
    public int MostTasks { get; init; } = 1000;

    [Description("how often a task that failed is submitted again; one that its node or a preemption ended does not count"), Range(0, 100)]
    public int Retries { get; init; } = 2;

    [Description("seconds between two looks at the queue"), Range(0.1, 3600.0)]
    public double PollSeconds { get; init; } = 10;

    [Description("how a node starts rllc, with the words parted by spaces; this program by its own path when empty")]
    public string Command { get; init; } = "";

    [Description("further options of sbatch, parted by spaces, such as --qos=long --constraint=avx512")]
    public string Further { get; init; } = "";
}
