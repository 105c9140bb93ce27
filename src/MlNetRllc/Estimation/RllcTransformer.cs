using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Estimation;
using MlNetRllc.Foundation;
using MlNetRllc.Sampling;

[assembly: LoadableClass(typeof(RllcTransformer), null, typeof(SignatureLoadModel), "rLLC estimation", RllcTransformer.Loader)]

namespace MlNetRllc.Estimation;

/// <summary>Turns the loss traces of rows into estimates; see <see cref="RllcEstimator"/> for the columns.</summary>
public sealed class RllcTransformer : RowTransformer
{
    internal const string Loader = "RllcEstimation";
    private const string Signature = "RLLCESTM";

    internal RllcTransformer(IHostEnvironment environment, EstimationOptions options) : base(environment, "EstimateRllc") =>
        Options = options;

    /// <summary>How losses become estimates.</summary>
    public EstimationOptions Options { get; }

    private protected override IReadOnlyList<ColumnNeed> Needs => RllcEstimator.Columns;

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs => RllcEstimator.OutputColumns;

    private protected override IEnumerable<string> FurtherInputs(DataViewSchema schema) => ObservedColumns.NamesIn(schema);

    private protected override void CheckFurther(DataViewSchema schema)
    {
        int Size(string column) => ((VectorDataViewType)schema[column].Type).Size;
        var (losses, chains, draws) = (Size(RllcColumns.Losses), Size(RllcColumns.MalaAcceptance), Size(RllcColumns.BaselineLosses));
        if (losses != chains * draws)
            throw new ArgumentException($"EstimateRllc: the column 'Losses' has {losses} slots; "
                + $"{chains} chains (MalaAcceptance) x {draws} draws (BaselineLosses) are wanted.");
    }

    private protected override Delegate?[] Bind(DataViewRow row, Func<int, bool> active, IDataView? table)
    {
        var outputs = new Delegate?[Outputs.Count];
        if (!Enumerable.Range(0, Outputs.Count).Any(active)) return outputs;
        var (losses, baseline) = (row.ReadNumbers<double>(RllcColumns.Losses), row.ReadNumbers<double>(RllcColumns.BaselineLosses));
        var acceptance = row.ReadNumbers<double>(RllcColumns.MalaAcceptance);
        var nbeta = row.ReadNumber<double>(RllcColumns.NBeta);
        var component = row.Schema.GetColumnOrNull(RllcColumns.Component) is null ? () => "" : row.ReadText(RllcColumns.Component);
        var sampled = row.Schema.GetColumnOrNull(RllcColumns.SampleStatus) is null ? () => "" : row.ReadText(RllcColumns.SampleStatus);
        var control = row.Schema.GetColumnOrNull(RllcColumns.Control) is null ? () => false : row.Read<bool>(RllcColumns.Control);
        var antithetic = row.Schema.GetColumnOrNull(RllcColumns.Antithetic) is null ? () => false : row.Read<bool>(RllcColumns.Antithetic);
        var estimate = new PerRow<RllcEstimate>(row, () => sampled() is { Length: > 0 } reason ? Failed(reason)
            : RllcEstimation.Estimate(TraceOf(component(), losses(), baseline(), acceptance(), nbeta(), antithetic()), Options));

        Func<RllcEstimate, double>[] numbers =
            [e => e.Rllc, e => e.RllcStdErr, e => e.RHat, e => e.Ess, e => e.Geweke, e => e.NegativeShare, e => e.Drift];
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = numbers[i];
            if (active(i)) outputs[i] = Getters.Scalar(() => number(estimate.Value));
        }
        if (active(7)) outputs[7] = Getters.Text(() => estimate.Value.Status.ToWord());
        if (active(8)) outputs[8] = Getters.Text(() => estimate.Value.Reason);
        if (!active(9) && !active(10)) return outputs;
        var observed = ObservedColumns.ProbesIn(row.Schema) is [var first, ..] ? ObservedColumns.Reader(row, first) : null;
        var share = new PerRow<DataShare>(row, () => observed is null || !antithetic() || control() || sampled().Length > 0
            ? DataShare.Unknown
            : DataShare.Estimate(TraceOf(component(), losses(), baseline(), acceptance(), nbeta(), true), observed(acceptance().Length)));
        if (active(9)) outputs[9] = Getters.Scalar(() => share.Value.Value);
        if (active(10)) outputs[10] = Getters.Scalar(() => share.Value.StdErr);
        return outputs;
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelFile.Begin(ctx, Signature, Loader);
        ctx.WriteJson(Options, EstimationJson.Default.Kept<EstimationOptions>());
    }

    private static RllcTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ModelFile.Check(ctx, Signature, Loader);
        return new(env, ctx.ReadJson(EstimationJson.Default.Kept<EstimationOptions>()));
    }

    /// <summary>The trace in a row's columns, without what a row that stopped early is filled up with.</summary>
    internal static LossTrace TraceOf(
        string component, double[] losses, double[] baseline, double[] acceptance, double nbeta, bool antithetic)
    {
        var chains = acceptance.Length;
        // A row that stopped early is filled up with NaN. A baseline that is NaN throughout is left as it is: the estimate then says why.
        var draws = PaddedTrace.DrawsIn(baseline) is var drawn and > 0 ? drawn : baseline.Length;
        if (draws < baseline.Length)
            (losses, baseline) = ([.. losses.Chunk(baseline.Length).SelectMany(chain => chain[..draws])], baseline[..draws]);
        return new()
        {
            Component = component,
            Dimension = 0, // Not among the columns; an estimate does not depend on it.
            NBeta = nbeta,
            Chains = chains,
            Draws = draws,
            Losses = losses,
            BaselineLosses = baseline,
            MalaAcceptance = acceptance,
            DivergedAt = [.. losses.Chunk(draws).Select(chain => Array.FindIndex(chain, loss => !double.IsFinite(loss)))],
            Antithetic = antithetic,
        };
    }

    private static RllcEstimate Failed(string reason) => RllcEstimate.None(RllcStatus.Failed, reason);
}
