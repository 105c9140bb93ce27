using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Heads;
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>How the clusters of curves agree with head types, as a table.</summary>
internal sealed class AgreementFigure : StudyFigure
{
    public override string Id => "agreement";

    public override string ShortName => "Agreement";

    /// <summary>Random labellings that the agreement is held against.</summary>
    private const int Shuffles = 2000;

    private static readonly string Unclear = HeadClass.WordOf(HeadType.Unclear);

    public override FigureText? Tell(StudyView view)
    {
        if (!view.HasTypes || view.Study.Clusters is not { } clusters) return null;
        var pairs = clusters.Rows
            .Where(r => view.TypeOf(r.Component).Length > 0)
            .Select(r => new Labelled(r.Component, r.Cluster, view.TypeOf(r.Component)))
            .ToList();
        if (pairs.Count < 2) return null;
        var all = Agree(pairs);
        var layers = pairs.GroupBy(p => StudyView.LayerOf(p.Head)).OrderBy(g => g.Key).Where(g => g.Count() > 1).Select(g =>
        {
            var alone = g.All(p => clusters.WithinLayer.ContainsKey(p.Head));
            var compared = g.Select(p => alone ? p with { Cluster = clusters.WithinLayer[p.Head] } : p);
            return (Layer: g.Key, Alone: alone ? ", clustered by itself" : "", Agreement: Agree([.. compared]));
        }).ToList();
        var finding = $"Clusters of rLLC curves against head types: {all}.";
        return new("Clusters against head types", finding,
            Sentences([finding, .. layers.Count > 1 ? layers.Select(l => $"Layer {l.Layer}{l.Alone}: {l.Agreement}.") : [],
                "1 is full agreement, 0 that of chance; heads of unclear type count for neither. Darker cells hold more heads."]))
        {
            Data = new
            {
                Clusters = pairs.Select(p => p.Cluster).Distinct().Order(),
                Types = pairs.GroupBy(p => p.Type)
                    .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => g.Key),
                Heads = pairs,
            },
        };
    }

    private readonly record struct Labelled(string Head, int Cluster, string Type);

    /// <summary>The agreement in words.</summary>
    private static string Agree(List<Labelled> pairs)
    {
        var typed = pairs.Where(p => p.Type != Unclear).ToList();
        if (typed.Count < 2)
            return $"{Count(typed.Count, "head")} of {pairs.Count} {(typed.Count == 1 ? "has" : "have")} a type, too few to compare";
        int[] clusters = [.. typed.Select(p => p.Cluster)];
        string[] types = [.. typed.Select(p => p.Type)];
        var rand = ClusterAgreement.AdjustedRandIndex(clusters, types);
        var information = ClusterAgreement.NormalizedMutualInformation(clusters, types);
        var measured = $"adjusted Rand index {Number(rand, 2)}, normalised mutual information {Number(information, 2)} "
            + $"over the {typed.Count} of {Count(pairs.Count, "head")} that have a type";
        if (clusters.Distinct().Count() < 2 || types.Distinct().Count() < 2)
            return $"{measured}; with one cluster or one type only there is nothing to compare";
        var random = new Random(1); // Fixed: the same tables give the same report.
        var reached = Enumerable.Range(0, Shuffles).Count(_ =>
        {
            random.Shuffle(clusters);
            return ClusterAgreement.AdjustedRandIndex(clusters, types) >= rand - 1e-12;
        });
        var share = reached / (double)Shuffles;
        var told = share * 100 < 1 ? "less than 1 %" : Percent(share);
        var verdict = share < 0.05 ? "is seen" : "cannot be stated";
        return $"{measured}; {told} of random labellings agree as well, so agreement beyond chance {verdict}";
    }
}
