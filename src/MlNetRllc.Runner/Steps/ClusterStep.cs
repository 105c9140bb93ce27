using System.Globalization;
using Microsoft.ML;
using MlNetRllc.Clustering;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Heads;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>Clusters heads by their curves, all together and, if asked for, layer by layer; compares the clusters with the heads' types.</summary>
/// <remarks>Heads whose curves have fewer than 2 values are in no cluster, and count in no agreement; nor do heads whose type is unclear, for there is nothing
/// that they could agree with.</remarks>
internal static class ClusterStep
{
    private const int Seeds = 20;

    private static readonly string Unclear = HeadClass.WordOf(HeadType.Unclear);

    public static string Run(StudyContext context, StepSpec step)
    {
        var rllc = context.Output<IDataView>(step, "rllc");
        var types = step.Has("types") ? context.Output<HeadTypes>(step, "types").Last : null;
        var options = step.Get<ClusterTrajectoriesOptions>() with { Clustering = step.Get<ClusteringOptions>() };
        var fitted = context.Ml.Rllc.ClusterTrajectories(options).Fit(rllc);
        context.Put(step, fitted);
        if (context.Restored is { } before) return before.Summary;
        var all = fitted.Clusters;
        var layers = all.Components.Select(LayerOf).Where(l => l >= 0).Distinct().Order().ToList();
        var scopes = new List<(string Name, ClusterTrajectoriesOptions Options, TrajectoryClusters Clusters)> { ("all", options, all) };
        if (step.Get<LayerClusteringOptions>().PerLayer)
            scopes.AddRange(layers.Select(layer => options with { Layer = layer }).Select(o => ($"l{o.Layer}", o, context.Ml.Rllc.ClusterTrajectories(o).Fit(rllc).Clusters)));

        Tables.Save(context, step, context.Ml.Data.LoadFromEnumerable(scopes.SelectMany(s => Rows(s.Name, s.Clusters, types)).ToList()));
        Tables.Save(context, step, context.Ml.Data.LoadFromEnumerable(scopes.SelectMany(s => Counts(s.Name, s.Options, s.Clusters, types)).ToList()), "-counts");
        Tables.Save(context, step, context.Ml.Data.LoadFromEnumerable(scopes.SelectMany(s => Curves(s.Name, s.Clusters)).ToList()), "-curves");
        var agreements = types is null ? "" : "; " + Agreements(context, step, scopes.ToDictionary(s => s.Name, s => s.Clusters), layers, types);
        foreach (var (name, chosen, clusters) in scopes)
        {
            context.Tell(step, $"clusters.{name}", clusters.Result.K);
            context.Tell(step, $"silhouette.{name}", clusters.Result.Silhouette);
            var curves = clusters.Result.Prepared.Where(c => c.Length > 0).ToList();
            if (curves.Count > 1) context.Tell(step, $"stability.{name}", ClusteringStability.OverSeeds(curves, AsPrepared(chosen.Clustering), seeds: Seeds).MeanAgreement);
        }
        return $"{all.Result.K} clusters of {all.Result.Labels.Count(l => l >= 0)} curves on {all.Dataset}, silhouette {all.Result.Silhouette:F2}{agreements}"
            + string.Concat(all.Result.Excluded.Select(e => $". {all.Components[e.Index]} is left out: {e.Reason}"))
            + string.Concat(all.Result.Notes.Select(n => $". {n.TrimEnd('.')}"));
    }

    /// <summary>How far clusters and types agree: of all heads and of each layer's; a layer's from its own clustering where there is one.</summary>
    private static string Agreements(StudyContext context, StepSpec step, Dictionary<string, TrajectoryClusters> scopes, List<int> layers, IReadOnlyDictionary<string, string> types)
    {
        var said = new List<string>();
        foreach (var name in layers.Select(l => $"l{l}").Prepend("all"))
        {
            var of = scopes.GetValueOrDefault(name) ?? scopes["all"];
            var (rand, information) = Agreement(of.Components.Zip(of.Result.Labels).Where(c => name == "all" || $"l{LayerOf(c.First)}" == name), types);
            context.Tell(step, $"adjustedRandIndex.{name}", rand);
            context.Tell(step, $"normalizedMutualInformation.{name}", information);
            said.Add($"{name} {rand:F2}");
        }
        return $"adjusted Rand index against the types: {string.Join(", ", said)}";
    }

    private static (double Rand, double Information) Agreement(IEnumerable<(string Component, int Label)> clustered, IReadOnlyDictionary<string, string>? types)
    {
        if (types is null) return (double.NaN, double.NaN);
        var known = clustered.Where(c => c.Label >= 0 && types.TryGetValue(c.Component, out var type) && type != Unclear).ToList();
        if (known.Count < 2) return (double.NaN, double.NaN);
        int[] labels = [.. known.Select(c => c.Label)];
        string[] named = [.. known.Select(c => types[c.Component])];
        return (ClusterAgreement.AdjustedRandIndex(labels, named), ClusterAgreement.NormalizedMutualInformation(labels, named));
    }

    private static IEnumerable<HeadClusterRow> Rows(string scope, TrajectoryClusters clusters, IReadOnlyDictionary<string, string>? types) =>
        clusters.Components.Select((component, i) => new HeadClusterRow
        {
            Component = component, Cluster = clusters.Result.Labels[i] + 1, Silhouette = (float)clusters.Result.ItemSilhouettes[i], Scope = scope, Dataset = clusters.Dataset,
            HeadType = types?.GetValueOrDefault(component) ?? "", Distance = clusters.Result.Labels[i] is >= 0 and var own ? clusters.Result.Distances[i][own] : double.NaN,
        });

    private static IEnumerable<ClusterCurveRow> Curves(string scope, TrajectoryClusters clusters)
    {
        var result = clusters.Result;
        IEnumerable<ClusterCurveRow> Points(string component, int cluster, double[] curve) => curve.Select((value, i) => new ClusterCurveRow
        {
            Scope = scope, Component = component, Cluster = cluster, Step = result.Axis[i], Value = value,
        });
        return [.. clusters.Components.SelectMany((c, i) => Points(c, result.Labels[i] + 1, result.Prepared[i])), .. result.Centres.SelectMany((centre, k) => Points("", k + 1, centre))];
    }

    private static IEnumerable<ClusterCountRow> Counts(string scope, ClusterTrajectoriesOptions options, TrajectoryClusters clusters, IReadOnlyDictionary<string, string>? types)
    {
        var items = Enumerable.Range(0, clusters.Components.Count).Where(i => clusters.Result.Prepared[i].Length > 0).ToList();
        foreach (var count in clusters.Result.Counts)
        {
            var labels = TrajectoryClustering.Cluster([.. items.Select(i => clusters.Result.Prepared[i])], AsPrepared(options.Clustering) with { Clusters = count.K }).Labels;
            var (rand, information) = Agreement(items.Select(i => clusters.Components[i]).Zip(labels), types);
            yield return new()
            {
                Scope = scope, K = count.K, Silhouette = count.Silhouette, Chosen = count.K == clusters.Result.K ? 1 : 0,
                AdjustedRandIndex = rand, NormalizedMutualInformation = information,
            };
        }
    }

    // The curves are resampled, smoothed and normalised already.
    private static ClusteringOptions AsPrepared(ClusteringOptions options) => options with { Normalization = TrajectoryNormalization.None, LogSteps = false, SmoothingWindow = 1 };

    private static int LayerOf(string component) => component.IndexOf('h', StringComparison.Ordinal) is > 1 and var at && component[0] == 'l'
        && int.TryParse(component.AsSpan(1, at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer : -1;
}
