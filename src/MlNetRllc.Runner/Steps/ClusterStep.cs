using Microsoft.ML;
using MlNetRllc.Clustering;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Model;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>Clusters heads by their curves, all together and, if asked for, layer by layer;
/// compares the clusters with the heads' types.</summary>
internal sealed class ClusterStep : StepKind
{
    /// <summary>The scope of all heads together.</summary>
    public const string All = "all";

    public override string Name => "cluster";

    public override string Component => "ClusterTrajectories";

    public override bool IsLight => true;

    public override IReadOnlyList<StepInput> Inputs { get; } =
    [
        StepInput.Step<EstimateStep>("rllc", "an estimate step"),
        StepInput.Step<ClassifyStep>("types", "a classify step, with whose types the clusters are compared", optional: true),
    ];

    public override IReadOnlyList<Type> Options { get; } =
        [typeof(ClusteringOptions), typeof(ClusterTrajectoriesOptions), typeof(LayerClusteringOptions)];

    public override IReadOnlyList<string> LeftOut { get; } =
        [nameof(ClusterTrajectoriesOptions.Clustering), nameof(ClusterTrajectoriesOptions.Layer)];

    public override IReadOnlyList<string> Tables { get; } = ["", "-counts", "-curves"];

    public override StepCost CostOf(Pipeline pipeline, StepSpec step) => StepCost.OfMoments;

    public override string Run(StudyContext context)
    {
        var (step, rllc) = (context.Step, context.ReadInput<EstimatedRows>("rllc").Table);
        var agreement = new HeadAgreement(step.Has("types") ? context.ReadInput<HeadTypes>("types").Last : null);
        var options = step.Get<ClusterTrajectoriesOptions>() with { Clustering = step.Get<ClusteringOptions>() };
        var fitted = context.Ml.Rllc.ClusterTrajectories(options).Fit(rllc);
        context.GiveOutput(fitted);
        if (context.Restored is { } before) return before.Summary;

        var all = fitted.Clusters;
        var layers = all.Components.Select(c => HeadName.TryParse(c)?.Layer).OfType<int>().Distinct().Order().ToList();
        List<ClusterScope> scopes = [new(All, options, all)];
        if (step.Get<LayerClusteringOptions>().PerLayer)
            scopes.AddRange(layers.Select(layer => ClusterLayer(context.Ml, rllc, options, layer)));
        context.SaveTable(scopes.SelectMany(s => s.Rows(agreement)));
        context.SaveTable(scopes.SelectMany(s => s.Counts(agreement)), "-counts");
        context.SaveTable(scopes.SelectMany(s => s.Curves()), "-curves");
        var agreements = agreement.HasTypes ? "; " + TellAgreements(context, scopes, layers, agreement) : "";
        foreach (var scope in scopes) TellScope(context, scope);
        var ofLayers = scopes.Skip(1).SelectMany(layer => RemarksOf(layer, options));
        return Summary(all, agreements) + string.Concat(ofLayers.Select(remark => $". {remark}"));
    }

    private static ClusterScope ClusterLayer(MLContext ml, IDataView rllc, ClusterTrajectoriesOptions options, int layer)
    {
        // Of given centres a layer takes its own, which say how many clusters it has.
        string[] starts = [.. options.InitialComponents.Where(c => HeadName.LayerOf(c) == layer)];
        var own = options with { Layer = layer, InitialComponents = starts };
        if (starts.Length > 0) own = own with { Clustering = own.Clustering with { Clusters = 0 } };
        return new($"l{layer}", own, ml.Rllc.ClusterTrajectories(own).Fit(rllc).Clusters);
    }

    /// <summary>How far clusters and types agree: of all heads and of each layer's;
    /// a layer's from its own clustering where there is one.</summary>
    private static string TellAgreements(StudyContext context, List<ClusterScope> scopes, List<int> layers, HeadAgreement agreement)
    {
        var said = new List<string>();
        foreach (var name in layers.Select(l => $"l{l}").Prepend(All))
        {
            var of = (scopes.Find(s => s.Name == name) ?? scopes[0]).Clusters;
            bool IsIn(string head) => name == All || HeadName.TryParse(head) is var (layer, _) && $"l{layer}" == name;
            var (rand, information, adjusted) = agreement.With(of.Components.Zip(of.Result.Labels).Where(c => IsIn(c.First)));
            context.TellNumber($"adjustedRandIndex.{name}", rand);
            context.TellNumber($"normalizedMutualInformation.{name}", information);
            context.TellNumber($"adjustedMutualInformation.{name}", adjusted);
            said.Add($"{name} {rand:F2}");
        }
        return $"adjusted Rand index against the types: {string.Join(", ", said)}";
    }

    private static void TellScope(StudyContext context, ClusterScope scope)
    {
        context.TellNumber($"clusters.{scope.Name}", scope.Clusters.Result.K);
        context.TellNumber($"silhouette.{scope.Name}", scope.Clusters.Result.Silhouette);
        if (scope.Stability is { } stability) context.TellNumber($"stability.{scope.Name}", stability);
    }

    private static string Summary(TrajectoryClusters all, string agreements) =>
        $"{all.Result.K} clusters of {all.Result.Labels.Count(l => l >= 0)} curves on {all.Dataset}, "
            + $"silhouette {all.Result.Silhouette:F2}{agreements}"
            + string.Concat(all.Remarks.Select(remark => $". {remark}"));

    /// <summary>What a layer has to say beside what was said of all.</summary>
    private static IEnumerable<string> RemarksOf(ClusterScope layer, ClusterTrajectoriesOptions asked)
    {
        if (layer.Options.InitialComponents.Count == 0 && asked.InitialComponents.Count > 0)
            yield return $"{layer.Name}: none of the initial components is in it, so it starts at random";
        foreach (var remark in layer.Clusters.Result.Notes) yield return $"{layer.Name}: {remark.TrimEnd('.')}";
    }
}
