using Microsoft.ML;
using MlNetRllc.Sampling;

namespace MlNetRllc.Runner.Executors;

/// <summary>A sample step's rows, ready to be sampled.</summary>
/// <param name="Step">The step's name.</param>
/// <param name="Sampler">Samples them, and knows the store where they are kept.</param>
/// <param name="Grid">The rows.</param>
/// <param name="RunFolder">The run's folder, which other machines see under the same path.</param>
/// <param name="Forced">Whether rows that the store holds are to be sampled anew.</param>
/// <param name="Progress">Told how far it is: a share from 0 to 1, and what it is at.</param>
/// <param name="Cancellation">Asks to stop.</param>
internal sealed record SweepWork(
    string Step, SgldSamplingTransformer Sampler, IDataView Grid, string RunFolder, bool Forced,
    Action<double, string> Progress, CancellationToken Cancellation);

/// <summary>Says where the rows of a sweep are sampled. What comes out does not depend on it:
/// rows are kept by content, and the step reads them from the store.</summary>
internal interface ISweepExecutor
{
    /// <summary>Refuses what cannot work here, before anything is computed.</summary>
    /// <exception cref="Pipelines.PipelineException">The executor is not here, or does not take the options of the file.</exception>
    void Check();

    /// <summary>Has rows sampled elsewhere, and returns when the store holds them.
    /// Rows that it leaves out are sampled by the step itself, in this process.</summary>
    /// <exception cref="PartlyDoneException">Rows could not be had in spite of all retries; the others are in the store.</exception>
    /// <exception cref="Slurm.SlurmException">The other machines' queue does not answer.</exception>
    /// <exception cref="OperationCanceledException">The run was asked to stop.</exception>
    void Fill(SweepWork work);
}
