using MlNetRllc.Core.Clustering;
using MlNetRllc.Runner.Tables;
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>What the loss is without a head, and without its positions.</summary>
internal sealed class AblationFigure : StudyFigure
{
    public override string Id => "ablation";

    public override string ShortName => "Ablation";

    private static readonly (string Name, Func<HeadScoreRow, ValueWithError> Of)[] Kinds =
    [
        ("zero", r => new(r.ZeroAblation, r.ZeroAblationStdErr)),
        ("mean", r => new(r.MeanAblation, r.MeanAblationStdErr)),
        ("resample", r => new(r.ResampleAblation, r.ResampleAblationStdErr)),
        ("position", r => new(r.PositionAblation, r.PositionAblationStdErr)),
    ];

    public override FigureText? Tell(StudyView view)
    {
        var known = Kinds
            .Select(k => (k.Name, Heads: view.FinalScores.Select(r => (r.Component, Value: k.Of(r)))
                .Where(h => double.IsFinite(h.Value.Value)).ToList()))
            .Where(k => k.Heads.Count > 0)
            .ToList();
        if (known.Count == 0) return null;
        var told = known.Select(k =>
        {
            var best = k.Heads.MaxBy(h => h.Value.Value);
            var name = $"{char.ToUpperInvariant(k.Name[0])}{k.Name[1..]}";
            var clear = k.Heads.Count(h => h.Value.IsClearlyAbove);
            return $"{name} ablation costs most for {best.Component}, {WithError(best.Value)} nats, "
                + $"and clearly more than nothing for {clear} of {k.Heads.Count} heads.";
        }).ToList();
        return new("Loss without a head, over training", told[Math.Max(0, known.FindIndex(k => k.Name == "mean"))],
            Sentences([
                .. told,
                Model(view.FinalScores[0]),
                Clusters(view),
                "Loss changes are in nats per token, ablated minus whole; bands are one standard error over contexts, "
                + "and clearly means by more than 2 of them.",
            ]));
    }

    private static string Model(HeadScoreRow row)
    {
        var change = new ValueWithError(row.ModelPositionAblation, row.ModelPositionAblationStdErr);
        return double.IsFinite(change.Value) ? $"Without positions in any layer the loss changes by {WithError(change)}." : "";
    }

    /// <summary>Whether ablation curves cluster as rLLC curves do.</summary>
    private static string Clusters(StudyView view)
    {
        if (view.Study.Clusters is not { } clusters || clusters.K < 2 || view.ScoredSteps.Count < 3) return "";
        var curves = clusters.Rows
            .Select(c => (c.Component, c.Cluster, Values: view.ScoredSteps.Select(s => MeanAblation(view, s, c.Component)).ToArray()))
            .Where(c => c.Values.All(double.IsFinite)).ToList();
        if (curves.Count < clusters.K + 1) return "";
        var found = TrajectoryClustering.Cluster([.. curves.Select(c => c.Values)], new() { Clusters = clusters.K });
        var rand = ClusterAgreement.AdjustedRandIndex(found.Labels, [.. curves.Select(c => c.Cluster)]);
        var types = "";
        if (curves.All(c => view.TypeOf(c.Component).Length > 0))
        {
            var typed = ClusterAgreement.AdjustedRandIndex(found.Labels, [.. curves.Select(c => view.TypeOf(c.Component))]);
            types = $", and {Number(typed, 2)} with the head types";
        }
        return $"Mean-ablation curves in {Count(clusters.K, "cluster")} (Euclidean k-means on standardised curves) "
            + $"have an adjusted Rand index of {Number(rand, 2)} with the clusters of rLLC curves{types}.";
    }

    private static double MeanAblation(StudyView view, int step, string component) =>
        view.ScoresAt(step).FirstOrDefault(r => r.Component == component)?.MeanAblation ?? double.NaN;
}
