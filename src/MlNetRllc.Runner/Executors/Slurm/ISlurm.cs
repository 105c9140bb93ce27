using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Executors.Slurm;

/// <summary>What the driver asks of Slurm.</summary>
internal interface ISlurm
{
    /// <summary>Asks whether Slurm would take such an array, without submitting it.</summary>
    /// <exception cref="SlurmException">It would not, or is not here.</exception>
    void Check(SlurmOptions options);

    /// <summary>Submits an array and gives its number.</summary>
    /// <exception cref="SlurmException">Slurm did not take it.</exception>
    long Submit(SlurmArray array);

    /// <summary>This user's tasks under a job name: those in the queue, and those ended that Slurm still remembers.</summary>
    /// <exception cref="SlurmException">The controller does not answer.</exception>
    IReadOnlyList<SlurmTask> Tasks(string name);

    /// <summary>What the accounting says of a task that the queue has forgotten; null where there is no accounting.</summary>
    SlurmTask? Accounted(long job, int index);

    /// <summary>Ends arrays: all their tasks, or those that wait.</summary>
    /// <exception cref="SlurmException">The controller does not answer.</exception>
    void Cancel(IReadOnlyCollection<long> jobs, bool waitingOnly);
}

/// <summary>A job array to submit.</summary>
/// <param name="Name">Job name, by which a restarted driver finds it again.</param>
/// <param name="Indices">Numbers of its tasks.</param>
/// <param name="Script">Path of the batch script.</param>
/// <param name="Logs">Folder of the logs, one file a task.</param>
/// <param name="Options">What each task asks for.</param>
internal sealed record SlurmArray(string Name, IReadOnlyList<int> Indices, string Script, string Logs, SlurmOptions Options);

/// <summary>Slurm is not here, does not answer or refuses.</summary>
internal sealed class SlurmException(string message, Exception? inner = null) : Exception(message, inner);
