using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Foundation;
using MlNetRllc.Sampling;

namespace MlNetRllc.Modules;

/// <summary>A selection's trace as a row like those of a sampled grid.</summary>
internal sealed class TraceRow
{
    public int Step { get; set; }

    public string Component { get; set; } = "";

    public string Dataset { get; set; } = "rows";

    public double[] Losses { get; set; } = [];

    public double[] BaselineLosses { get; set; } = [];

    public double[] MalaAcceptance { get; set; } = [];

    public double NBeta { get; set; }

    public bool Antithetic { get; set; }

    public bool Control { get; set; }

    /// <summary>A row a selection; one that stopped early is filled up with NaN.</summary>
    public static IDataView TableOf(IHostEnvironment environment, IReadOnlyList<LossTrace> traces)
    {
        var (chains, draws) = (traces.Max(t => t.Chains), traces.Max(t => t.Draws));
        var schema = SchemaDefinition.Create(typeof(TraceRow));
        schema[RllcColumns.Losses].ColumnType = new VectorDataViewType(NumberDataViewType.Double, chains, draws);
        schema[RllcColumns.BaselineLosses].ColumnType = new VectorDataViewType(NumberDataViewType.Double, draws);
        schema[RllcColumns.MalaAcceptance].ColumnType = new VectorDataViewType(NumberDataViewType.Double, chains);
        return DataViewConstructionUtils.CreateFromEnumerable(environment, traces.Select(t => From(t, draws)).ToList(), schema);
    }

    private static TraceRow From(LossTrace trace, int draws) => new()
    {
        Component = trace.Component,
        Losses = [.. PaddedTrace.Losses(trace, draws)],
        BaselineLosses = [.. PaddedTrace.Baseline(trace, draws)],
        MalaAcceptance = [.. trace.MalaAcceptance],
        NBeta = trace.NBeta,
        Antithetic = trace.Antithetic,
        Control = trace.Control,
    };
}
