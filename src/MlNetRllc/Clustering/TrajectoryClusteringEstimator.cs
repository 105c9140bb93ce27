using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Model;
using MlNetRllc.Foundation;

namespace MlNetRllc.Clustering;

/// <summary>Puts heads into clusters by their curves of rLLC over training, and tells every row its component's cluster.</summary>
/// <remarks>
/// Fitting reads the whole table: <c>Step</c> (Int32), <c>Component</c> (Text), <c>Dataset</c> (Text), <c>Rllc</c> (Double; NaN is a gap);
/// numbers of other types will do where they fit. Rows then need <c>Component</c> only. Appends:
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term>Cluster</term><description>key (UInt32, values named 1, 2, ...): the component's cluster;
/// missing when it was not clustered</description></item>
/// <item><term>ClusterDistances</term><description>vector of Single, slots <c>cluster1</c>, ...: distance to
/// each centre; NaN when not clustered</description></item>
/// <item><term>Silhouette</term><description>Single: -1 to 1; NaN when not clustered</description></item>
/// </list>
/// </remarks>
public sealed class TrajectoryClusteringEstimator : ComponentEstimator<TrajectoryClusteringTransformer>
{
    private readonly ClusterTrajectoriesOptions options;

    internal TrajectoryClusteringEstimator(IHostEnvironment environment, ClusterTrajectoriesOptions options)
        : base(environment, "ClusterTrajectories") => this.options = options;

    private protected override IReadOnlyList<ColumnNeed> Needs => EstimatedRow.Columns;

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Promised => OutputsOf(1);

    internal static IReadOnlyList<DataViewSchema.DetachedColumn> OutputsOf(int clusters) =>
    [
        ColumnTypes.Key(RllcColumns.Cluster, ColumnTypes.Numbered("", clusters, first: 1)),
        ColumnTypes.Vector<float>(RllcColumns.ClusterDistances, ColumnTypes.Numbered("cluster", clusters, first: 1)),
        ColumnTypes.Scalar<float>(RllcColumns.Silhouette),
    ];

    private protected override TrajectoryClusteringTransformer FitTo(IDataView input)
    {
        using var channel = Host.Start("clustering");
        var rows = EstimatedRow.RowsOf(input);
        if (rows.Count == 0) throw new ArgumentException("ClusterTrajectories: the table has no rows.");
        var dataset = options.Dataset ?? rows[0].Dataset;
        var known = rows.Select(r => r.Dataset).Distinct(StringComparer.Ordinal).ToList();
        if (!known.Contains(dataset))
            throw new ArgumentException(
                $"ClusterTrajectories: the dataset '{dataset}' is not in the table; "
                + $"there are: {string.Join(", ", known)}.");
        var chosen = rows.Where(r => r.Dataset == dataset && IsWanted(r.Component)).ToList();
        if (chosen.Count == 0)
            throw new ArgumentException($"ClusterTrajectories: '{dataset}' has no {Wanted}; there are: "
                + $"{string.Join(", ", rows.Select(r => r.Component).Distinct(StringComparer.Ordinal))}. "
                + "Set HeadsOnly to false to cluster these.");

        var components = chosen.Select(r => r.Component).Distinct(StringComparer.Ordinal).ToList();
        var steps = chosen.Select(r => r.Step).Distinct().Order().ToList();
        var curves = components.Select(_ => Enumerable.Repeat(double.NaN, steps.Count).ToArray()).ToList();
        var filled = new HashSet<(int, int)>();
        foreach (var row in chosen)
        {
            var (c, s) = (components.IndexOf(row.Component), steps.IndexOf(row.Step));
            if (!filled.Add((c, s)))
                throw new ArgumentException(
                    $"ClusterTrajectories: step {row.Step} of {row.Component} on '{dataset}' appears twice; "
                    + "give each step one row.");
            curves[c][s] = row.Rllc;
        }
        double[] axis = [.. steps];
        var result = TrajectoryClustering.Cluster(curves, options.Clustering, axis);
        channel.Info($"{components.Count} trajectories of {steps.Count} steps on '{dataset}': "
            + $"{result.K} clusters, silhouette {result.Silhouette:0.###}.");
        foreach (var note in result.Notes) channel.Warning(note);
        foreach (var left in result.Excluded) channel.Warning($"{components[left.Index]} is left out: {left.Reason}");
        return new(Host, new() { Dataset = dataset, Components = components, Steps = axis, Result = result });
    }

    private string Wanted =>
        (options.HeadsOnly ? "heads" : "components") + (options.Layer is { } layer ? $" in layer {layer}" : "");

    private bool IsWanted(string component) =>
        (!options.HeadsOnly || HeadName.TryParse(component) is not null) && InLayer(component);

    private bool InLayer(string component) => options.Layer is not { } layer || HeadName.LayerOf(component) == layer;
}
