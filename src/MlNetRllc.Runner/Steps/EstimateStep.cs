using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>Turns traces into rLLCs.</summary>
internal sealed class EstimateStep : StepKind
{
    /// <summary>To write an estimate in both formats.</summary>
    private const double SecondsPerRow = 4e-5;

    /// <summary>To read a loss of a trace, and to estimate from it.</summary>
    private const double SecondsPerLoss = 1e-6;

    /// <summary>An estimate in memory, with its texts.</summary>
    private const double BytesPerRow = 1000;

    /// <summary>An estimate in both tables.</summary>
    private const double DiskBytesPerRow = 300;

    private static readonly string[] Columns =
        [RllcColumns.Step, RllcColumns.Component, RllcColumns.Dataset, RllcColumns.Rllc, RllcColumns.RllcStdErr,
            RllcColumns.RHat, RllcColumns.Ess, RllcColumns.Geweke, RllcColumns.NegativeShare, RllcColumns.Drift,
            RllcColumns.Status, RllcColumns.StatusReason, RllcColumns.StepBias, RllcColumns.DataShare, RllcColumns.DataShareStdErr];

    public override string Name => "estimate";

    public override string Component => "EstimateRllc";

    public override bool IsLight => true;

    public override IReadOnlyList<StepInput> Inputs { get; } = [StepInput.Step<SampleStep>("traces", "a sample step")];

    public override IReadOnlyList<Type> Options { get; } = [typeof(EstimationOptions)];

    public override StepCost CostOf(Pipeline pipeline, StepSpec step)
    {
        var work = SampleStep.WorkOf(pipeline, pipeline.InputOf(step, "traces"));
        var (rows, seconds) = (work.Rows, work.Rows * SecondsPerRow + work.Losses * SecondsPerLoss);
        return new("", StepCost.OfMoments.Seconds + seconds, rows * BytesPerRow, rows * DiskBytesPerRow);
    }

    public override string Run(StudyContext context)
    {
        var traces = context.ReadInput<IDataView>("traces");
        if (context.Restored is { } before)
        {
            context.GiveOutput(new EstimatedRows(context.LoadTable(), traces));
            return before.Summary;
        }
        var estimated = context.Ml.Rllc.EstimateRllc(context.Step.Get<EstimationOptions>()).Fit(traces).Transform(traces);
        // Traces that an earlier version sampled do not say the step's bias.
        string[] columns = [.. Columns.Where(name => estimated.Schema.GetColumnOrNull(name) is not null)];
        // Computed at the first look, and kept: two files, the line below and all later steps read it.
        var table = context.Ml.Data.Cache(context.Ml.Transforms.SelectColumns(columns).Fit(estimated).Transform(estimated), columns);
        context.GiveOutput(new EstimatedRows(table, traces));
        context.SaveTable(table);
        var statuses = table.GetColumn<string>(RllcColumns.Status).GroupBy(s => s).OrderByDescending(g => g.Count());
        return $"estimates: {string.Join(", ", statuses.Select(g => $"{g.Count()} {g.Key}"))}";
    }
}
