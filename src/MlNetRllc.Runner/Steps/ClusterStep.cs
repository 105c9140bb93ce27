using Microsoft.ML;
using MlNetRllc.Clustering;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>Clusters heads by their curves.</summary>
internal static class ClusterStep
{
    public static string Run(StudyContext context, StepSpec step)
    {
        var rllc = context.Output<IDataView>(step, "rllc");
        var options = step.Get<ClusterTrajectoriesOptions>() with { Clustering = step.Get<ClusteringOptions>() };
        var fitted = context.Ml.Rllc.ClusterTrajectories(options).Fit(rllc);
        context.Put(step, fitted);
        Tables.Save(context, fitted.Assignments, step.Name);
        var clusters = fitted.Clusters;
        return $"{clusters.Result.K} clusters of {clusters.Components.Count} curves on {clusters.Dataset}, silhouette {clusters.Result.Silhouette:F2}";
    }
}
