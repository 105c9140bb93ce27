using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Foundation;

namespace MlNetRllc.Sampling;

/// <summary>Samples the component of each row at its checkpoint on its dataset, by stochastic gradient Langevin dynamics.</summary>
/// <remarks>
/// Reads <c>Checkpoint</c> (text: path of a safetensors file or a PyTorch state dict), <c>Dataset</c> (text)
/// and <c>Component</c> (text). Fitting reads these columns of every row, and the first checkpoint: a dataset
/// that was not given, a checkpoint whose file is not there or a component that the model does not have is
/// refused then, with the nearest name. Appends:
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term>Losses</term><description>vector of Double [chain, draw], slots <c>chain0 draw0</c>, ...:
/// minibatch losses along the chains, nats per token (against a reference model: divergences from it); NaN from
/// where a chain diverged, and beyond the last draw of a row that reached its
/// TargetStandardError</description></item>
/// <item><term>BaselineLosses</term><description>vector of Double [draw], slots <c>draw0</c>, ...: losses of
/// the trained weights on the same minibatches, nats per token; NaN beyond the last draw</description></item>
/// <item><term>MalaAcceptance</term><description>vector of Double [chain], slots <c>chain0</c>, ...: mean
/// Metropolis acceptance</description></item>
/// <item><term>NBeta</term><description>Double: what multiplied the loss</description></item>
/// <item><term>SampleStatus</term><description>Text: empty, or why the row was not sampled (its numbers are NaN then)</description></item>
/// <item><term>Antithetic</term><description>Boolean: whether chains 2p and 2p + 1 are pairs of opposite noise</description></item>
/// <item><term>StepBias</term><description>Double: relative bias of an estimate by the size of the step
/// (<see cref="SgldOptions.StepBias"/>), dimensionless; NaN where it is not known</description></item>
/// </list>
/// The datasets' tables are read when the estimator is made:
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term>Tokens</term><description>vector of Int32 [pos]: a context</description></item>
/// <item><term>LossMask</term><description>vector of Boolean [pos], may be absent: element i says whether the
/// prediction of token i counts in the loss (the first token is not predicted: its flag is not looked at). Of a
/// pattern's tokens it makes the data-refined coefficient of the pattern; padding and a chat's questions are
/// left out the same way. The loss is divided by the mean number of counted tokens of the dataset's contexts,
/// so that a minibatch's is an unbiased estimate of the dataset's mean over the tokens that count. Contexts in
/// which none counts are left out, and the log says how many</description></item>
/// </list>
/// All components of one checkpoint and dataset are sampled in lock-step when the first of them is asked for. A
/// finished row is kept in the store under its content (weights, component, tokens, options) and never computed
/// again. A row that cannot be sampled says why and the others go on. A group is taken from the rows that reach
/// this transformer: filter before it to sample less. With <c>MLContext.GpuDeviceId</c> rows are sampled on
/// that GPU by autograd (untried); the lock-step engine is the CPU's.
/// </remarks>
public sealed class SgldSamplingEstimator : ComponentEstimator<SgldSamplingTransformer>
{
    internal static readonly IReadOnlyList<ColumnNeed> Columns =
        [ColumnNeed.Text(RllcColumns.Checkpoint), ColumnNeed.Text(RllcColumns.Dataset), ColumnNeed.Text(RllcColumns.Component)];

    private readonly IReadOnlyDictionary<string, ContextSet> datasets;
    private readonly SgldOptions options;
    private readonly RowStore store;
    private readonly IProgress<SweepProgress>? progress;
    private readonly CancellationToken cancellation;
    private readonly ReferenceModel? reference;
    private readonly ProbeObservation? observed;

    internal SgldSamplingEstimator(
        IHostEnvironment environment, IReadOnlyDictionary<string, ContextSet> datasets, SgldOptions options,
        RowStore store, IProgress<SweepProgress>? progress, ReferenceModel? reference, ProbeObservation? observed,
        CancellationToken cancellation)
        : base(environment, "SampleSgld")
    {
        (this.datasets, this.options, this.reference, this.observed) = (datasets, options, reference, observed);
        (this.store, this.progress, this.cancellation) = (store, progress, cancellation);
        Promised = OutputsOf(options, observed);
    }

    private protected override IReadOnlyList<ColumnNeed> Needs => Columns;

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Promised { get; }

    internal static IReadOnlyList<DataViewSchema.DetachedColumn> OutputsOf(SgldOptions options, ProbeObservation? observed)
    {
        var (chains, draws) = (ColumnTypes.Numbered("chain", options.Chains), ColumnTypes.Numbered("draw", options.Draws));
        string[] both = [.. from chain in chains from draw in draws select $"{chain} {draw}"];
        return
        [
            ColumnTypes.Vector<double>(RllcColumns.Losses, both, options.Chains, options.Draws).WithAxes("chain", "draw"),
            ColumnTypes.Vector<double>(RllcColumns.BaselineLosses, draws).WithAxes("draw"),
            ColumnTypes.Vector<double>(RllcColumns.MalaAcceptance, chains).WithAxes("chain"),
            ColumnTypes.Scalar<double>(RllcColumns.NBeta),
            ColumnTypes.Scalar<string>(RllcColumns.SampleStatus),
            ColumnTypes.Scalar<bool>(RllcColumns.Antithetic),
            ColumnTypes.Scalar<double>(RllcColumns.StepBias),
            ColumnTypes.Scalar<bool>(RllcColumns.Control),
            .. observed is null ? [] : ObservedColumns.For(observed, options),
        ];
    }

    private protected override SgldSamplingTransformer FitTo(IDataView input)
    {
        using var channel = Host.Start("sampling");
        _ = Devices.Choose(Host, channel); // A GPU that cannot be used is refused here, not at the first row.
        channel.WarnOfNoNoise(options);
        if (observed is { Options.AllowShared: false })
            foreach (var contexts in datasets.Values) ProbeSet.RefuseShared(contexts, observed.Probes);
        foreach (var (name, contexts) in datasets.Where(d => d.Value.IsMasked))
            channel.Info($"Of the dataset '{name}' {contexts.CountedPerContext:G4} of {contexts.ContextLength - 1} tokens of a context "
                + $"count in the loss, in {contexts.Count} contexts; {contexts.LeftOut} in which none counts are left out.");
        var names = GridNames.Read(Name, input, hasDatasets: true);
        names.CheckDatasets(datasets.Keys);
        names.CheckCheckpoints();
        var fitted = new SgldSamplingTransformer(Host, datasets, options, store, progress, reference, observed, cancellation);
        names.CheckComponents(fitted.ConfigOf, options.HeadBiases);
        return fitted;
    }
}
