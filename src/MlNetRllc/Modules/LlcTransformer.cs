using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Foundation;
using MlNetRllc.Modules;

[assembly: LoadableClass(typeof(LlcTransformer), null, typeof(SignatureLoadModel), "LLC of a module", LlcTransformer.Loader)]

namespace MlNetRllc.Modules;

/// <summary>Appends the estimates that were fitted; see <see cref="LlcEstimator"/> for the columns. Holds
/// numbers only, not the module.</summary>
public sealed class LlcTransformer : RowTransformer
{
    internal const string Loader = "RllcModuleLlc";
    private const string Signature = "RLLCMODU";

    internal LlcTransformer(IHostEnvironment environment, IReadOnlyList<LlcResult> results, IReadOnlyList<LossTrace>? traces = null)
        : base(environment, "EstimateLlc")
    {
        Results = results;
        Traces = traces is null ? null : TraceRow.TableOf(Host, traces);
        Outputs = ColumnsOf([.. results.Select(r => r.Selection)]);
    }

    /// <summary>One result a selection, in order.</summary>
    public IReadOnlyList<LlcResult> Results { get; }

    /// <summary>The results as a table: a row a selection, columns as the properties of <see cref="LlcResult"/>.</summary>
    public IDataView Estimates => DataViewConstructionUtils.CreateFromEnumerable(Host, Results);

    /// <summary>The losses along the chains, a row a selection, with the columns that <c>SampleSgld</c> gives a grid: to be estimated
    /// from anew (<c>EstimateRllc</c>), made a row a draw (<c>LossTraceTable</c>) or kept (<c>SaveTable</c>). Null unless
    /// <see cref="LlcOptions.KeepTraces"/> asked for them, and in a loaded model.</summary>
    /// <remarks><c>Component</c> is the selection, <c>Dataset</c> "rows", <c>Step</c> 0.</remarks>
    public IDataView? Traces { get; }

    private protected override IReadOnlyList<ColumnNeed> Needs => [];

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    internal static IReadOnlyList<DataViewSchema.DetachedColumn> ColumnsOf(string[] names) =>
    [
        .. ((string[])[RllcColumns.Llc, RllcColumns.LlcStdErr, RllcColumns.LlcRHat,
            RllcColumns.LlcEss]).Select(c => ColumnTypes.Vector<double>(c, names)),
        ColumnTypes.Vector<string>(RllcColumns.LlcStatus, names),
    ];

    private protected override Delegate?[] Bind(DataViewRow row, Func<int, bool> active, IDataView? table)
    {
        Func<LlcResult, double>[] numbers = [r => r.Llc, r => r.LlcStdErr, r => r.RHat, r => r.Ess];
        var outputs = new Delegate?[Outputs.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!active(i)) continue;
            double[] values = [.. Results.Select(numbers[i])];
            outputs[i] = Getters.Vector(() => values);
        }
        ReadOnlyMemory<char>[] statuses = [.. Results.Select(r => r.Status.AsMemory())];
        if (active(4)) outputs[4] = Getters.Vector(() => statuses);
        return outputs;
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelFile.Begin(ctx, Signature, Loader);
        ctx.WriteJson(Results.ToArray(), ModulesJson.Default.Kept<LlcResult[]>());
    }

    private static LlcTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ModelFile.Check(ctx, Signature, Loader);
        return new(env, ctx.ReadJson(ModulesJson.Default.Kept<LlcResult[]>()));
    }
}
