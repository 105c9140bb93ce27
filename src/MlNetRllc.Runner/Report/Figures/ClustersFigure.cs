using MlNetRllc.Runner.Tables;
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>The clusters of curves, and how many there are.</summary>
internal sealed class ClustersFigure : StudyFigure
{
    public override string Id => "clusters";

    public override string ShortName => "Clusters";

    public override FigureText? Tell(StudyView view)
    {
        if (view.Study.Clusters is not { Rows.Count: > 0 } clusters) return null;
        var members = clusters.Rows.GroupBy(r => r.Cluster).OrderBy(g => g.Key)
            .Select(g => $"Cluster {g.Key}: {Listed(g.Select(r => r.Component))}.");
        var best = clusters.Silhouettes.FirstOrDefault(s => s.K == clusters.K);
        var least = clusters.Rows.Where(r => double.IsFinite(r.Silhouette)).MinBy(r => r.Silhouette);
        var strength = best is null || !double.IsFinite(best.Value) ? ""
            : $", with a mean silhouette of {Number(best.Value)}"
                + (best.Value < 0.25 ? " (weak: below 0.25 little structure is there)" : "");
        if (NoneIsOk(view, clusters))
            return new($"Clusters of {clusters.Column} curves", "",
                "No estimate that these curves go through is ok, so nothing is stated of them.");
        return new($"Clusters of {clusters.Column} curves",
            Sentences(
                $"The {Count(clusters.Rows.Count, "curve")} on {clusters.Dataset} fall into {Count(clusters.K, "cluster")}{strength}.",
                NotOk(view, clusters)),
            Sentences(members.Append(NotOk(view, clusters)).Append($"Method: {clusters.Method}.")
                .Append(best is not null && clusters.Silhouettes.Count > 1 ? Chosen(clusters, best) : "")
                .Append(least is not null
                    ? $"The curve that fits its cluster least is {least.Component} (silhouette {Number(least.Silhouette)})."
                    : "")
                .Append(double.IsFinite(clusters.Stability)
                    ? "Clusterings from other random starts agree with each other at an adjusted Rand index of "
                        + $"{Number(clusters.Stability, 2)} on the mean."
                    : "")
                .Append(clusters.Channels.Count > 1
                    ? $"A curve has {clusters.Channels.Count} channels, {Listed(clusters.Channels)}, a panel each; "
                        + "the clusters are of all together."
                    : "")
                .Concat(clusters.Remarks.Select(remark => $"{char.ToUpperInvariant(remark[0])}{remark[1..]}."))
                .Append("Thick lines are the centres.")));
    }

    private static List<RllcRow> RowsOf(StudyView view, ReportClusters clusters)
    {
        var curves = clusters.Rows.Select(r => r.Component).ToHashSet(StringComparer.Ordinal);
        return [.. view.Study.Rllc.Where(r => r.Dataset == clusters.Dataset && curves.Contains(r.Component))];
    }

    private static bool NoneIsOk(StudyView view, ReportClusters clusters) =>
        RowsOf(view, clusters) is { Count: > 0 } rows && !rows.Exists(r => r.IsOk);

    private static string NotOk(StudyView view, ReportClusters clusters)
    {
        var rows = RowsOf(view, clusters);
        var bad = rows.Count(r => !r.IsOk);
        return bad == 0 ? "" : $"The curves go through {bad} of {Count(rows.Count, "estimate")} whose status is not ok.";
    }

    private static string Chosen(ReportClusters clusters, SilhouettePoint best)
    {
        var highest = clusters.Silhouettes.All(s => !(s.Value > best.Value));
        var (least, most) = (clusters.Silhouettes.Min(s => s.K), clusters.Silhouettes.Max(s => s.K));
        return $"k = {clusters.K} {(highest ? "has" : "does not have")} the highest mean silhouette of k = {least} to {most}.";
    }
}
