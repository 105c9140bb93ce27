using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Foundation;
using MlNetRllc.Modules;

[assembly: LoadableClass(typeof(LlcTransformer), null, typeof(SignatureLoadModel), "LLC of a module", LlcTransformer.Loader)]

namespace MlNetRllc.Modules;

/// <summary>The learning coefficient of one selection of a module's parameters.</summary>
/// <example>
/// <code>
/// using static TorchSharp.torch.nn;
/// using MlNetRllc.Modules;
///
/// var ml = new MLContext(seed: 1);
/// float[] angles = [.. Enumerable.Range(0, 32).Select(i => 0.2f * i)];
/// var table = ml.Data.LoadFromEnumerable(angles.Select(a => new { X = a, Label = MathF.Sin(a) }).ToList());
/// using var module = Linear(1, 1);
/// var fitted = ml.Transforms.Concatenate("Features", "X")
///     .Append(ml.Rllc.EstimateLlc(module, (y, label) => functional.mse_loss(y.squeeze(-1), label), new()
///     {
///         Sampling = new() { Chains = 2, Draws = 20, BatchSize = 8 },
///     }))
///     .Fit(table);
/// foreach (LlcResult part in fitted.LastTransformer.Results)
///     Console.WriteLine($"{part.Selection}: {part.Llc:0.00} +- {part.LlcStdErr:0.00} ({part.Status})");
/// </code>
/// </example>
public sealed record LlcResult
{
    /// <summary>Name of the selection.</summary>
    public string Selection { get; init; } = "";

    /// <summary>Number of sampled weights.</summary>
    public int Dimension { get; init; }

    /// <summary>The estimate, dimensionless; NaN when there is none.</summary>
    public double Llc { get; init; }

    /// <summary>Its standard error, in units of <see cref="Llc"/>.</summary>
    public double LlcStdErr { get; init; }

    /// <summary>Rank-normalised split R-hat, dimensionless; close to 1 when the chains agree.</summary>
    public double RHat { get; init; }

    /// <summary>Bulk effective sample size, over all chains, in draws.</summary>
    public double Ess { get; init; }

    /// <summary>ok, not-converged, negative, diverged or failed.</summary>
    public string Status { get; init; } = "";

    /// <summary>Why; empty when ok.</summary>
    public string StatusReason { get; init; } = "";

    internal static LlcResult From(string name, int dimension, RllcEstimate e) => new()
    {
        Selection = name,
        Dimension = dimension,
        Llc = e.Rllc,
        LlcStdErr = e.RllcStdErr,
        RHat = e.RHat,
        Ess = e.Ess,
        Status = e.Status.ToWord(),
        StatusReason = e.Reason,
    };
}

/// <summary>Appends the estimates that were fitted; see <see cref="LlcEstimator"/> for the columns. Holds
/// numbers only, not the module.</summary>
public sealed class LlcTransformer : RowTransformer
{
    internal const string Loader = "RllcModuleLlc";
    private const string Signature = "RLLCMODU";

    internal LlcTransformer(IHostEnvironment environment, IReadOnlyList<LlcResult> results) : base(environment, "EstimateLlc")
    {
        Results = results;
        Outputs = ColumnsOf([.. results.Select(r => r.Selection)]);
    }

    /// <summary>One result a selection, in order.</summary>
    public IReadOnlyList<LlcResult> Results { get; }

    /// <summary>The results as a table: a row a selection, columns as the properties of <see cref="LlcResult"/>.</summary>
    public IDataView Estimates => DataViewConstructionUtils.CreateFromEnumerable(Host, Results);

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
