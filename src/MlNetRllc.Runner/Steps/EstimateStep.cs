using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>Turns traces into rLLCs.</summary>
internal static class EstimateStep
{
    private static readonly string[] Columns =
        ["Step", "Component", "Dataset", "Rllc", "RllcStdErr", "RHat", "Ess", "Geweke", "NegativeShare", "Drift", "Status", "StatusReason"];

    public static string Run(StudyContext context, StepSpec step)
    {
        var traces = context.Output<IDataView>(step, "traces");
        var estimated = context.Ml.Rllc.EstimateRllc(step.Get<EstimationOptions>()).Fit(traces).Transform(traces);
        context.Put(step, estimated);
        var table = context.Ml.Transforms.SelectColumns(Columns).Fit(estimated).Transform(estimated);
        Tables.Save(context, step, table);
        var statuses = table.GetColumn<string>("Status").GroupBy(s => s).OrderByDescending(g => g.Count());
        return $"estimates: {string.Join(", ", statuses.Select(g => $"{g.Count()} {g.Key}"))}";
    }
}
