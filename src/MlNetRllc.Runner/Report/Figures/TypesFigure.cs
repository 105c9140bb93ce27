using MlNetRllc.Core.Clustering;
using static MlNetRllc.Runner.Report.Figures.Words;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Head types with their evidence, and how the clusters of curves agree with them.</summary>
internal static class TypesFigure
{
    private const int Shuffles = 2000;

    public static ReportFigure? Of(StudyView view)
    {
        if (!view.HasTypes) return null;
        var groups = view.Types.GroupBy(t => t.Value).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal);
        var counts = $"Of {Count(view.Types.Count, "head")}, {Listed(groups.Select(g => $"{g.Count()} {(g.Count() == 1 ? "is" : "are")} {g.Key}{(g.Key is "unclear" or "multigram" ? "" : $" ({Listed(g.Select(t => t.Key))})")}"))}.";
        var none = view.OfType("induction").Count == 0 ? "No induction head was found." : "";
        return new("types", "Head types", Sentences(counts, none),
            Sentences($"Types at step {Step(view.TypedStep)}, by rank and margin against the other heads; a margin is in spreads of the other heads' log scores, and 3 makes a head stand out unless the pipeline says otherwise.", counts, none));
    }

    /// <summary>Clusters against types, as a table.</summary>
    public static ReportFigure? Agreement(StudyView view)
    {
        if (!view.HasTypes || view.Study.Clusters is not { } clusters) return null;
        var pairs = clusters.Rows.Where(r => view.TypeOf(r.Component).Length > 0).Select(r => new Labelled(r.Component, r.Cluster, view.TypeOf(r.Component))).ToList();
        if (pairs.Count < 2) return null;
        var all = Agree(pairs);
        var layers = pairs.GroupBy(p => StudyView.LayerOf(p.Head)).OrderBy(g => g.Key).Where(g => g.Count() > 1).Select(g =>
        {
            var alone = g.All(p => clusters.WithinLayer.ContainsKey(p.Head));
            return (Layer: g.Key, Alone: alone ? ", clustered by itself" : "", Agreement: Agree([.. g.Select(p => alone ? p with { Cluster = clusters.WithinLayer[p.Head] } : p)]));
        }).ToList();
        var finding = $"Clusters of rLLC curves against head types: adjusted Rand index {Number(all.Rand, 2)}, normalised mutual information {Number(all.Information, 2)} over {pairs.Count} heads; {all.Verdict}.";
        return new("agreement", "Clusters against head types", finding,
            Sentences([finding, .. layers.Count > 1 ? layers.Select(l => $"Layer {l.Layer}{l.Alone}: adjusted Rand index {Number(l.Agreement.Rand, 2)}, mutual information {Number(l.Agreement.Information, 2)}; {l.Agreement.Verdict}.") : [],
                "1 is full agreement, 0 that of chance. Darker cells hold more heads."]))
        {
            Data = new
            {
                Clusters = pairs.Select(p => p.Cluster).Distinct().Order(),
                Types = pairs.GroupBy(p => p.Type).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key),
                Heads = pairs,
            },
        };
    }

    private readonly record struct Labelled(string Head, int Cluster, string Type);

    private static (double Rand, double Information, string Verdict) Agree(List<Labelled> pairs)
    {
        int[] clusters = [.. pairs.Select(p => p.Cluster)];
        string[] types = [.. pairs.Select(p => p.Type)];
        var rand = ClusterAgreement.AdjustedRandIndex(clusters, types);
        var information = ClusterAgreement.NormalizedMutualInformation(clusters, types);
        if (clusters.Distinct().Count() < 2 || types.Distinct().Count() < 2) return (rand, information, "with one cluster or one type only there is nothing to compare");
        var random = new Random(1); // Fixed: the same tables give the same report.
        var reached = Enumerable.Range(0, Shuffles).Count(_ =>
        {
            random.Shuffle(clusters);
            return ClusterAgreement.AdjustedRandIndex(clusters, types) >= rand - 1e-12;
        });
        var share = reached / (double)Shuffles;
        var told = share * 100 < 1 ? "less than 1 %" : Percent(share);
        return (rand, information, $"{told} of random labellings agree as well, so agreement beyond chance {(share < 0.05 ? "is seen" : "cannot be stated")}");
    }
}
