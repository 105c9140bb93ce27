using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Foundation;
using MlNetRllc.Sampling;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    private static readonly ColumnNeed[] TraceColumns =
    [
        ColumnNeed.Scalar<int>(RllcColumns.Step), ColumnNeed.Text(RllcColumns.Component), ColumnNeed.Text(RllcColumns.Dataset),
        ColumnNeed.Vector<double>(RllcColumns.Losses), ColumnNeed.Vector<double>(RllcColumns.BaselineLosses),
    ];

    /// <summary>Sampled rows as a long table, one row a draw: for plots, and to be kept
    /// (<see cref="SaveTable"/>) beside the estimates.</summary>
    /// <remarks>
    /// Lazy: reading it reads <paramref name="sampled"/>, which samples what no store has yet. Rows that could
    /// not be sampled give no draws; a row that stopped early gives those it has.
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type and meaning</description></listheader>
    /// <item><term>Step</term><description>Int32: training step of the checkpoint</description></item>
    /// <item><term>Component</term><description>Text</description></item>
    /// <item><term>Dataset</term><description>Text</description></item>
    /// <item><term>chain</term><description>Int32: from 0; named as ArviZ and xarray name it</description></item>
    /// <item><term>draw</term><description>Int32: from 0; likewise</description></item>
    /// <item><term>Loss</term><description>Double: nats per token; NaN once the chain has diverged</description></item>
    /// <item><term>BaselineLoss</term><description>Double: of the trained weights on the same minibatch, nats
    /// per token</description></item>
    /// </list>
    /// </remarks>
    /// <param name="sampled">Rows with <c>Step</c>, <c>Component</c>, <c>Dataset</c>, <c>Losses</c> and
    /// <c>BaselineLosses</c>, as <c>SampleSgld</c> gives them for a grid.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type; the message names it.</exception>
    public IDataView LossTraceTable(IDataView sampled)
    {
        ArgumentNullException.ThrowIfNull(sampled);
        foreach (var need in TraceColumns) need.Check(sampled, nameof(LossTraceTable));
        var (losses, draws) = (SizeOf(RllcColumns.Losses), SizeOf(RllcColumns.BaselineLosses));
        if (losses % draws != 0)
            throw new ArgumentException(
                $"LossTraceTable: the column 'Losses' has {losses} slots, "
                + $"which are no whole chains of {draws} draws (BaselineLosses).", nameof(sampled));
        return Context.Data.LoadFromEnumerable(DrawsOf(sampled));

        int SizeOf(string column) => ((VectorDataViewType)sampled.Schema[column].Type).Size;
    }

    private static IEnumerable<LossTraceRow> DrawsOf(IDataView sampled)
    {
        using var cursor = sampled.GetRowCursor(TraceColumns.Select(c => sampled.Schema[c.Name]));
        var step = cursor.ReadNumber<int>(RllcColumns.Step);
        var (component, dataset) = (cursor.ReadText(RllcColumns.Component), cursor.ReadText(RllcColumns.Dataset));
        var losses = cursor.ReadNumbers<double>(RllcColumns.Losses);
        var baselines = cursor.ReadNumbers<double>(RllcColumns.BaselineLosses);
        while (cursor.MoveNext())
        {
            var (s, c, d) = (step(), component(), dataset());
            var (all, baseline) = (losses(), baselines());
            var drawn = PaddedTrace.DrawsIn(baseline);
            for (var i = 0; i < all.Length; i++)
                if (i % baseline.Length < drawn)
                    yield return new()
                    {
                        Step = s,
                        Component = c,
                        Dataset = d,
                        Chain = i / baseline.Length,
                        Draw = i % baseline.Length,
                        Loss = all[i],
                        BaselineLoss = baseline[i % baseline.Length],
                    };
        }
    }
}
