using Microsoft.ML;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using MlNetRllc.Sampling;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Samples the component of each grid row by stochastic gradient Langevin dynamics; see
    /// <see cref="SgldSamplingEstimator"/> for the columns.</summary>
    /// <param name="datasets">Tables of contexts (<c>Tokens</c>, a vector of Int32 of known size, and, where only
    /// some tokens count, <c>LossMask</c>, a vector of Boolean of that size) by the names used in the grid's
    /// column <c>Dataset</c>; read into memory now.</param>
    /// <param name="options">Step size, temperature, chains, draws; the paper's when null, with the context's
    /// seed where it has one.</param>
    /// <param name="store">Where finished rows are kept and looked for; in memory when null.</param>
    /// <param name="progress">Told of every step, on the thread that samples.</param>
    /// <param name="reference">Path of a frozen model's checkpoint: the loss is then the divergence of the
    /// sampled model's predictions from this model's, in nats per token (arXiv 2410.02984: a two-layer model
    /// against a one-layer one); against the text's own tokens when null.</param>
    /// <param name="probes">Probe sets whose token losses are observed beside the sampling; null observes none.</param>
    /// <param name="observation">How they are observed; every draw when null.</param>
    /// <param name="cancellation">Stops between steps; rows already finished stay in the store.</param>
    /// <exception cref="ArgumentException">There is no dataset, one lacks the column, or its mask
    /// is of another size or counts no token; two probe sets have one name, or single tokens are to be
    /// kept and the store has no folder; the message names it. Contexts that a probe set shares are refused by <c>Fit</c>.</exception>
    /// <exception cref="IOException">The reference cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public SgldSamplingEstimator SampleSgld(IReadOnlyDictionary<string, IDataView> datasets, SgldOptions? options = null,
        RowStore? store = null, IProgress<SweepProgress>? progress = null, string? reference = null,
        IReadOnlyList<ProbeSet>? probes = null, ObservableOptions? observation = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        if (datasets.Count == 0) throw new ArgumentException("SampleSgld needs at least one dataset.", nameof(datasets));
        var read = datasets.ToDictionary(d => d.Key, d => ContextTables.ReadSampled(d.Value, d.Key), StringComparer.Ordinal);
        var chosen = (options ?? (Seed is { } seed ? new() { Seed = seed } : new())).Validated();
        var against = reference is null ? null : ReferenceOf(reference);
        var rows = store ?? new RowStore();
        var observed = ObservationOf(probes ?? [], observation ?? new(), rows);
        return new(Environment, read, chosen, rows, progress, against, observed, cancellation);
    }

    private static ProbeObservation? ObservationOf(IReadOnlyList<ProbeSet> probes, ObservableOptions observation, RowStore store)
    {
        observation.Validated();
        if (probes.Count == 0) return null;
        if (probes.GroupBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two probe sets are named '{twice.Key}'; give each a name of its own.", nameof(probes));
        if (observation.Tokens != KeptTokens.None && store.Folder is null)
            throw new ArgumentException($"Single tokens are kept in files (Tokens = {observation.Tokens}); "
                + "give SampleSgld a RowStore with a folder, or keep none.", nameof(observation));
        return new(probes, observation);
    }

    private static ReferenceModel ReferenceOf(string path)
    {
        var (config, weights) = Checkpoint.Load(path);
        return new(config, weights);
    }
}
