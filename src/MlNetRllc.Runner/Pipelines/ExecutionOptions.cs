using System.ComponentModel;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>Where sweeps are sampled.</summary>
internal enum ExecutorKind
{
    /// <summary>In this process.</summary>
    Local,

    /// <summary>As an array of Slurm jobs.</summary>
    Slurm,
}

/// <summary>The keys of a pipeline file that say where its sweeps are sampled.
/// Results do not depend on them, so no step's key does.</summary>
internal sealed record ExecutionOptions
{
    [Description("where the rows of sample steps are sampled: local (this process) or slurm (a job array); results do not depend on it")]
    public ExecutorKind Executor { get; init; } = ExecutorKind.Local;

    [Description("what each task of the Slurm job array asks for; read when the executor is slurm")]
    public SlurmOptions Slurm { get; init; } = new();
}
