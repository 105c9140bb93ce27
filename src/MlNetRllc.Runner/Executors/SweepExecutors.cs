using MlNetRllc.Runner.Executors.Slurm;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Executors;

/// <summary>Makes the executor that a file asks for.</summary>
internal static class SweepExecutors
{
    /// <summary>The executor of a study's sweeps.</summary>
    public static ISweepExecutor ExecutorOf(Pipeline pipeline) => pipeline.Execution.Executor switch
    {
        ExecutorKind.Slurm => new SlurmExecutor(pipeline.Execution.Slurm, new SlurmCommands(), pipeline.ExecutionError),
        _ => new LocalExecutor(),
    };
}
