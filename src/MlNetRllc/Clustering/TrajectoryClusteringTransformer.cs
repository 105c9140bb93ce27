using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Clustering;
using MlNetRllc.Foundation;

[assembly: LoadableClass(
    typeof(TrajectoryClusteringTransformer), null, typeof(SignatureLoadModel),
    "rLLC trajectory clusters", TrajectoryClusteringTransformer.Loader)]

namespace MlNetRllc.Clustering;

/// <summary>Tells every row its component's cluster; see <see cref="TrajectoryClusteringEstimator"/> for the columns.</summary>
public sealed class TrajectoryClusteringTransformer : RowTransformer
{
    internal const string Loader = "RllcTrajectoryClusters";
    private const string Signature = "RLLCCLUS";

    private readonly Dictionary<string, int> indices;
    private readonly float[] noDistances;

    internal TrajectoryClusteringTransformer(IHostEnvironment environment, TrajectoryClusters clusters)
        : base(environment, "ClusterTrajectories")
    {
        Clusters = clusters;
        indices = clusters.Components.Select((name, i) => (name, i)).Where(c => clusters.Result.Labels[c.i] >= 0)
            .ToDictionary(c => c.name, c => c.i, StringComparer.Ordinal);
        var count = Math.Max(1, clusters.Result.K); // With nothing to cluster there is one cluster and nobody in it.
        noDistances = [.. Enumerable.Repeat(float.NaN, count)];
        Outputs = TrajectoryClusteringEstimator.OutputsOf(count);
    }

    /// <summary>Assignments, centres, silhouettes.</summary>
    public TrajectoryClusters Clusters { get; }

    /// <summary>One row a clustered component: <c>Component</c> (Text) and the columns that this transformer appends.</summary>
    public IDataView Assignments
    {
        get
        {
            var components = new ArrayDataViewBuilder(Host);
            components.AddColumn(RllcColumns.Component, TextDataViewType.Instance,
                Clusters.Components.Where(indices.ContainsKey).Select(c => c.AsMemory()).ToArray());
            return Transform(components.GetDataView());
        }
    }

    private protected override IReadOnlyList<ColumnNeed> Needs { get; } = [ColumnNeed.Text(RllcColumns.Component)];

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    private protected override Delegate?[] Bind(DataViewRow row, Func<int, bool> active, IDataView? table)
    {
        var outputs = new Delegate?[3];
        if (!Enumerable.Range(0, 3).Any(active)) return outputs;
        var result = Clusters.Result;
        var component = row.ReadText(RllcColumns.Component);
        var index = new PerRow<int?>(row, () => indices.TryGetValue(component(), out var i) ? i : null);
        if (active(0)) outputs[0] = Getters.Scalar(() => index.Value is { } i ? (uint)result.Labels[i] + 1 : 0u);
        if (active(1))
            outputs[1] = Getters.Vector(() => index.Value is { } i ? [.. result.Distances[i].Select(d => (float)d)] : noDistances);
        if (active(2)) outputs[2] = Getters.Scalar(() => index.Value is { } i ? (float)result.ItemSilhouettes[i] : float.NaN);
        return outputs;
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelFile.Begin(ctx, Signature, Loader);
        ctx.WriteJson(Clusters, ClusteringJson.Default.Kept<TrajectoryClusters>());
    }

    private static TrajectoryClusteringTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ModelFile.Check(ctx, Signature, Loader);
        return new(env, ctx.ReadJson(ClusteringJson.Default.Kept<TrajectoryClusters>()));
    }
}
