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
/// numbers of other types will do where they fit. With <see cref="ClusterTrajectoriesOptions.Datasets"/> a curve has one channel
/// a dataset; with <see cref="ClusterTrajectoriesOptions.Column"/> another column is read, of a vector each slot is a channel.
/// Rows then need <c>Component</c> only. Appends:
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term>Cluster</term><description>key (UInt32, values named 1, 2, ...): the component's cluster;
/// missing when it was not clustered. A data frame with it is made by <c>ml.Rllc.ToDataFrame</c>; ML.NET's own
/// takes no keys</description></item>
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

    private protected override IReadOnlyList<ColumnNeed> Needs =>
        options.Column is { } column ? ComponentCurves.NeedsOf(column) : EstimatedRow.Columns;

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
        var table = ComponentCurves.Read(input, options.Column ?? RllcColumns.Rllc);
        if (table.Rows.Count == 0) throw new ArgumentException("ClusterTrajectories: the table has no rows.");
        var datasets = options.Datasets.Count > 0 ? options.Datasets : [options.Dataset ?? table.Rows[0].Dataset];
        foreach (var dataset in datasets) CheckDataset(table, dataset);
        var curves = table.CurvesOf(datasets, IsWanted);
        double[] axis = [.. curves.Steps];
        var result = TrajectoryClustering.ClusterChannels(curves.Values, options.Clustering, axis, CentresOf(curves));
        var told = string.Join(" and ", datasets);
        channel.Info($"{curves.Components.Count} trajectories of {axis.Length} steps on '{told}': "
            + $"{result.K} clusters, silhouette {result.Silhouette:0.###}.");
        var clusters = new TrajectoryClusters
        {
            Dataset = told, Components = curves.Components, Steps = axis, Result = result,
            Channels = result.Channels > 1 ? curves.Channels : [],
        };
        foreach (var remark in clusters.Remarks) channel.Warning($"{remark}.");
        return new(Host, clusters);
    }

    private void CheckDataset(ComponentCurves table, string dataset)
    {
        var known = table.Rows.Select(r => r.Dataset).Distinct(StringComparer.Ordinal).ToList();
        if (!known.Contains(dataset))
            throw new ArgumentException(
                $"ClusterTrajectories: the dataset '{dataset}' is not in the table; "
                + $"there are: {string.Join(", ", known)}.");
        if (!table.Rows.Any(r => r.Dataset == dataset && IsWanted(r.Component)))
            throw new ArgumentException($"ClusterTrajectories: '{dataset}' has no {Wanted}; there are: "
                + $"{string.Join(", ", table.Rows.Select(r => r.Component).Distinct(StringComparer.Ordinal))}. "
                + "Set HeadsOnly to false to cluster these.");
    }

    private double[][][]? CentresOf(JoinedCurves curves)
    {
        if (options.InitialComponents.Count == 0) return null;
        double[] axis = [.. curves.Steps];
        // A component with gaps is a centre as it is a curve; which were filled is told with the curves.
        double[][] Filled(double[][] curve) =>
            [.. curve.Select(channel => TrajectoryPreparation.FillGaps(channel, axis) ?? channel)];
        return [.. options.InitialComponents.Select(name => curves.Components.IndexOf(name) is >= 0 and var at ? Filled(curves.Values[at])
            : throw new ArgumentException($"ClusterTrajectories: the initial component '{name}' is not among the curves; "
                + $"there are: {string.Join(", ", curves.Components)}."))];
    }

    private string Wanted =>
        (options.HeadsOnly ? "heads" : "components") + (options.Layer is { } layer ? $" in layer {layer}" : "");

    private bool IsWanted(string component) =>
        (!options.HeadsOnly || HeadName.TryParse(component) is not null) && InLayer(component);

    private bool InLayer(string component) => options.Layer is not { } layer || HeadName.LayerOf(component) == layer;
}
