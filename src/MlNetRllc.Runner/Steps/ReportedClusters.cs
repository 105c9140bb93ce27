using System.Text.RegularExpressions;
using Microsoft.ML;
using MlNetRllc.Clustering;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Report;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>A clustering as the report shows it.</summary>
internal static partial class ReportedClusters
{
    /// <summary>What the cluster step found that an input names.</summary>
    public static ReportClusters Gather(StudyContext context, string input)
    {
        var step = context.Pipeline.InputOf(context.Step, input);
        var (clusters, options) = (context.ReadInput<TrajectoryClusteringTransformer>(input).Clusters, step.Get<ClusteringOptions>());
        var (result, column) = (clusters.Result, step.Get<ClusterTrajectoriesOptions>().Column ?? "rLLC");
        return new(result.K, MethodOf(options), clusters.Dataset, UnitOf(options, column), [.. result.Axis.Select(a => (int)Math.Round(a))],
            [.. clusters.Components.Select((c, i) => RowOf(result, c, i)).Where(r => r.Cluster > 0)],
            [.. result.Centres], [.. result.Counts.Select(c => new SilhouettePoint(c.K, c.Silhouette))])
        {
            Column = column,
            Remarks = clusters.Remarks,
            Channels = clusters.Channels,
            WithinLayer = WithinLayer(context, step),
            Stability = context.NumberTold(step.Name, $"stability.{ClusterStep.All}"),
        };
    }

    private static Dictionary<string, int> WithinLayer(StudyContext context, StepSpec step)
    {
        var table = context.Ml.Rllc.LoadTable(context.Folder.At("tables", $"{step.Name}.parquet"));
        return context.Ml.Data.CreateEnumerable<HeadClusterRow>(table, reuseRowObject: false)
            .Where(r => r.Scope != ClusterStep.All && r.Cluster > 0).ToDictionary(r => r.Component, r => r.Cluster, StringComparer.Ordinal);
    }

    private static string UnitOf(ClusteringOptions options, string column) => NormalizationOf(options) switch
    {
        TrajectoryNormalization.Standardize => $"{column}, standardised",
        TrajectoryNormalization.MinMax => $"{column}, from 0 to 1",
        _ => column,
    };

    /// <summary>k-Shape is defined for standardised curves alone, whatever is asked for.</summary>
    private static TrajectoryNormalization NormalizationOf(ClusteringOptions options) =>
        options.Method == ClusteringMethod.KShape ? TrajectoryNormalization.Standardize : options.Normalization;

    private static ClusterRow RowOf(ClusteringResult result, string component, int i) =>
        new(component, result.Labels[i] + 1, result.ItemSilhouettes[i], result.Distances[i], result.Prepared[i]);

    private static string MethodOf(ClusteringOptions options)
    {
        string[] words = [$"{options.Method}", $"normalisation {NormalizationOf(options)}"];
        var scope = options.Method == ClusteringMethod.KShape ? "" : options.NormalizationScope switch
        {
            NormalizationScope.Curve => " (each curve, its channels together)",
            NormalizationScope.Channel => " (each channel, its curves together)",
            NormalizationScope.Everything => " (all values together)",
            _ => "",
        };
        return string.Join(", ", words.Select(Spaced)) + scope;
    }

    /// <summary>EuclideanKMeans as "Euclidean k-means".</summary>
    private static string Spaced(string name) => WordBoundary().Replace(name.Replace("KMeans", " k-means", StringComparison.Ordinal), " ");

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordBoundary();
}
