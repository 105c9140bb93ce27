using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using MlNetRllc.Sampling;

[assembly: LoadableClass(
    typeof(SgldSamplingTransformer), null, typeof(SignatureLoadModel),
    "rLLC sampling", SgldSamplingTransformer.Loader)]

namespace MlNetRllc.Sampling;

/// <summary>Appends loss traces to the rows of a grid; see <see cref="SgldSamplingEstimator"/> for the columns.</summary>
public sealed class SgldSamplingTransformer : RowTransformer
{
    internal const string Loader = "RllcSgldSampling";
    private const string Signature = "RLLCSGLD";
    private const string Reference = "reference.safetensors";

    private readonly IReadOnlyDictionary<string, ContextSet> datasets;
    private readonly RowStore store;
    private readonly ReferenceModel? reference;
    private readonly ProbeObservation? observed;
    private readonly Sweep sweep;
    private readonly Stopping stopping;
    private readonly ConditionalWeakTable<IDataView, Once<ILookup<(string Checkpoint, string Dataset), string>>> groups = [];

    internal SgldSamplingTransformer(
        IHostEnvironment environment, IReadOnlyDictionary<string, ContextSet> datasets, SgldOptions options,
        RowStore store, IProgress<SweepProgress>? progress, ReferenceModel? reference, ProbeObservation? observed,
        CancellationToken cancellation)
        : base(environment, "SampleSgld")
    {
        (this.datasets, Options, this.store, this.reference, this.observed) = (datasets, options, store, reference, observed);
        sweep = new(datasets, options, store, Host, progress, reference, observed, cancellation);
        stopping = new(Host, cancellation);
        Outputs = SgldSamplingEstimator.OutputsOf(options, observed);
    }

    private SgldSamplingTransformer(
        IHostEnvironment environment, SgldSamplingTransformer like,
        RowStore store, IProgress<SweepProgress>? progress, CancellationToken cancellation)
        : base(environment, "SampleSgld")
    {
        (datasets, Options, this.store, Outputs) = (like.datasets, like.Options, store, like.Outputs);
        (reference, observed) = (like.reference, like.observed);
        sweep = new(datasets, Options, store, Host, progress, reference, observed, cancellation, like.sweep);
        stopping = new(Host, cancellation);
    }

    /// <summary>How the rows are sampled.</summary>
    public SgldOptions Options { get; }

    /// <summary>Names of the datasets on which rows can be sampled.</summary>
    public IReadOnlyCollection<string> Datasets => [.. datasets.Keys];

    /// <summary>The model of a checkpoint; null where it cannot be read, which its rows say.</summary>
    internal TransformerConfig? ConfigOf(string checkpoint) => sweep.ConfigOf(checkpoint);

    /// <summary>Where finished rows are kept.</summary>
    internal RowStore Store => store;

    /// <summary>Least time between two lines of the log.</summary>
    internal TimeSpan LogInterval { set => sweep.LogInterval = value; }

    /// <summary>One that shares everything with this, but for token, progress and store (this one's when null).</summary>
    internal SgldSamplingTransformer With(
        IHostEnvironment environment, RowStore? store,
        IProgress<SweepProgress>? progress, CancellationToken cancellation) =>
        new(environment, this, store ?? this.store, progress, cancellation);

    /// <summary>Under which key the store keeps each of the rows; null for a row that cannot be sampled.</summary>
    internal IReadOnlyList<RowKey?> KeysOf(IEnumerable<Grid.GridRow> rows) =>
        [.. rows.Select(r => sweep.KeyOfRow(r.Checkpoint, r.Dataset, r.Component))];

    /// <summary>Under which keys the rows' single tokens are kept; none where no token is.</summary>
    internal IEnumerable<RowKey> KeptKeysOf(IEnumerable<Grid.GridRow> rows) => observed is not { Options.Tokens: not KeptTokens.None } ? []
        : rows.Select(r => sweep.KeysOfRow(r.Checkpoint, r.Dataset, r.Component)?.Kept).OfType<RowKey>();

    /// <summary>What a row keeps of single tokens on a probe set, by its index, in the order of draws; null where it keeps none, or
    /// they are gone.</summary>
    internal IEnumerable<TokenRecord>? TokensOf(Grid.GridRow row, int probe) =>
        sweep.TokensOfRow(row.Checkpoint, row.Dataset, row.Component, probe);

    private protected override IReadOnlyList<ColumnNeed> Needs => SgldSamplingEstimator.Columns;

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    private protected override Delegate?[] Bind(DataViewRow row, Func<int, bool> active, IDataView? table)
    {
        var outputs = new Delegate?[Outputs.Count];
        if (!Enumerable.Range(0, Outputs.Count).Any(active)) return outputs;
        var (checkpoint, dataset, component) = (row.ReadText(RllcColumns.Checkpoint), row.ReadText(RllcColumns.Dataset),
            row.ReadText(RllcColumns.Component));
        var lookup = table is null ? null : groups.GetValue(table, t => new(() => GroupsOf(t)));
        var result = new PerRow<SweepResult>(row, () =>
        {
            var (c, d) = (checkpoint(), dataset());
            return sweep.Row(c, d, component(), lookup is null ? [] : [.. lookup.Value[(c, d)]]);
        });
        var losses = PaddedTrace.Missing(Options.Chains * Options.Draws);
        var (draws, chains) = (PaddedTrace.Missing(Options.Draws), PaddedTrace.Missing(Options.Chains));
        if (active(0))
            outputs[0] = Getters.Vector(() => result.Value.Trace is { } trace ? PaddedTrace.Losses(trace, Options.Draws) : losses);
        if (active(1))
            outputs[1] = Getters.Vector(() => result.Value.Trace is { } trace ? PaddedTrace.Baseline(trace, Options.Draws) : draws);
        if (active(2)) outputs[2] = Getters.Vector(() => result.Value.Trace?.MalaAcceptance ?? chains);
        if (active(3)) outputs[3] = Getters.Scalar(() => result.Value.Trace?.NBeta ?? double.NaN);
        if (active(4)) outputs[4] = Getters.Text(() => result.Value.Status);
        if (active(5)) outputs[5] = Getters.Scalar(() => Options.Antithetic);
        if (active(6)) outputs[6] = Getters.Scalar(() => result.Value.Trace is null ? double.NaN : Options.StepBias());
        if (active(7)) outputs[7] = Getters.Scalar(() => Options.Control);
        if (observed is null) return outputs;
        foreach (var (i, getter) in ObservedColumns.GettersFor(observed, Options, () => result.Value.Trace).Index())
            if (active(8 + i)) outputs[8 + i] = getter;
        return outputs;
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelFile.Begin(ctx, Signature, Loader);
        ctx.WriteJson(Options, SamplingJson.Default.Kept<SgldOptions>());
        ctx.WriteJson(store.Folder ?? "", FoundationJson.Default.Kept<string>());
        ctx.WriteContexts([.. datasets.Values]);
        if (observed is not null) ProbeStream.Write(ctx, observed);
        if (reference is { } model)
            ctx.SaveBinaryStream(Reference, writer => Checkpoint.Save(writer.BaseStream, model.Config, model.Weights));
    }

    private static SgldSamplingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ModelFile.Check(ctx, Signature, Loader);
        var options = ctx.ReadJson(SamplingJson.Default.Kept<SgldOptions>());
        var folder = ctx.ReadJson(FoundationJson.Default.Kept<string>());
        var datasets = ctx.ReadContexts().ToDictionary(d => d.Name, StringComparer.Ordinal);
        ReferenceModel? reference = null;
        ctx.TryLoadBinaryStream(Reference, reader =>
        {
            var (config, weights) = Checkpoint.Load(reader.BaseStream, "the model file's reference model");
            reference = new(config, weights);
        });
        var store = new RowStore(folder.Length == 0 ? null : folder);
        return new(env, datasets, options, store, null, reference, ProbeStream.Read(ctx), default);
    }

    private ILookup<(string Checkpoint, string Dataset), string> GroupsOf(IDataView table)
    {
        var rows = new List<((string Checkpoint, string Dataset) Group, string Component)>();
        using var cursor = table.GetRowCursor(SgldSamplingEstimator.Columns.Select(c => table.Schema[c.Name]));
        var (checkpoint, dataset, component) = (cursor.ReadText(RllcColumns.Checkpoint), cursor.ReadText(RllcColumns.Dataset),
            cursor.ReadText(RllcColumns.Component));
        while (cursor.MoveNext())
        {
            stopping.ThrowIfAsked();
            rows.Add(((checkpoint(), dataset()), component()));
        }
        return rows.ToLookup(r => r.Group, r => r.Component);
    }
}
