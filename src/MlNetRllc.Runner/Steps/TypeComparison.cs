using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>Holds clusters of heads, by features of whatever source, against the heads' types; and asks where induction heads
/// stand.</summary>
/// <remarks>Every head of known type is in a cluster, also where a source says nothing of it: else a source that knows few heads
/// would be asked less than the others. Heads whose type is unclear are in none: there is nothing that they could agree with. In the
/// order of a layer's heads they count as others.</remarks>
/// <param name="types">Types by head.</param>
/// <param name="options">How.</param>
internal sealed class TypeComparison(IReadOnlyDictionary<string, string> types, CompareOptions options)
{
    private static readonly string Unclear = HeadClass.WordOf(HeadType.Unclear), Induction = HeadClass.WordOf(HeadType.Induction);

    private readonly List<string> heads =
        [.. types.Keys.Where(h => HeadName.TryParse(h) is not null).OrderBy(h => HeadName.TryParse(h)!.Value.Layer)
            .ThenBy(h => HeadName.TryParse(h)!.Value.Head)];

    /// <summary>Clusters the heads of known type and compares.</summary>
    /// <returns>The source's row, and a row for each feature and head.</returns>
    public (ComparisonRow Row, IReadOnlyList<HeadFeatureRow> Features) Compare(FeatureSource source)
    {
        var typed = heads.Where(h => types[h] != Unclear).ToList();
        string[] named = [.. typed.Select(h => types[h])];
        var count = named.Distinct().Count();
        var clusters = options.Clusters == 0 ? Math.Max(1, count) : options.Clusters;
        var found = FeatureClustering.Cluster(
            [.. typed.Select(h => source.Features.Select(f => f[h]).ToArray())], clusters, options.Restarts, options.Seed);
        var isDefined = count > 1 && found.Used.Count > 0;
        var row = new ComparisonRow
        {
            Source = source.Name, Heads = typed.Count, Types = count, Clusters = found.K, Features = found.Used.Count,
            Missing = found.Missing,
            AdjustedRand = isDefined ? ClusterAgreement.AdjustedRandIndex(found.Labels, named) : double.NaN,
            PValue = isDefined ? ClusterAgreement.PermutationPValue(
                found.Labels, named, permutations: options.Permutations, seed: options.Seed) : double.NaN,
            Note = Joined([source.Note, .. Remarks(source, typed, found, count, clusters)]),
        };
        var labels = typed.Zip(found.Labels).ToDictionary(p => p.First, p => p.Second);
        return (row, [.. source.Features.SelectMany(f => heads.Select(h => new HeadFeatureRow
        {
            Source = source.Name, Component = h, HeadType = types[h], Cluster = labels.GetValueOrDefault(h, -1), Feature = f.Name,
            Value = f[h],
        }))]);
    }

    /// <summary>Where the induction heads of the layer stand, by each pattern that they are ordered by.</summary>
    public IEnumerable<InductionRankRow> Ranks(FeatureSource source) => source.Ordering is not { } features ? []
        : options.RankedBy.SelectMany(text => features.Where(f => f.IsNamed(text)).Select(f => RankBy(source, f))
            .DefaultIfEmpty(new()
            {
                Source = source.Name, RankedBy = text, Layer = options.Layer, InductionChance = double.NaN,
                Note = "no probe set has this pattern",
            }));

    private InductionRankRow RankBy(FeatureSource source, HeadFeature feature)
    {
        var layer = heads.Where(h => HeadName.LayerOf(h) == options.Layer).ToList();
        var places = FirstPlaces.Find([.. layer.Select(h => (feature[h], types[h] == Induction))]);
        var missing = layer.Where(h => double.IsNaN(feature[h])).ToList();
        return new()
        {
            Source = source.Name, RankedBy = feature.Name, Layer = options.Layer, Heads = places.Items,
            InductionHeads = places.Wanted, InductionFirst = places.AreFirst, InductionRanks = string.Join(", ", places.Ranks),
            InductionChance = places.Chance,
            Note = Joined(
            [
                places.Wanted == 0 ? $"layer {options.Layer} has no induction head" : "",
                missing.Count > 0 ? $"without a value: {string.Join(", ", missing)}" : "",
            ]),
        };
    }

    private static IEnumerable<string> Remarks(
        FeatureSource source, List<string> typed, FeatureClusters found, int types, int clusters)
    {
        if (typed.Count == 0) yield return "no head has a type";
        else if (types == 1) yield return "all heads are of one type: there is nothing to tell apart";
        if (typed.Count > 0 && found.Used.Count == 0) yield return "no feature tells heads apart";
        var unknown = typed.Where(h => !found.Used.Any(f => double.IsFinite(source.Features[f][h]))).ToList();
        if (found.Used.Count > 0 && unknown.Count > 0) yield return $"without a feature: {string.Join(", ", unknown)}";
        if (found.Sparse > 0) yield return $"{found.Sparse} features are missing for more than half of the heads and count nowhere";
        if (found.Constant > 0) yield return $"{found.Constant} features are the same for all heads and count nowhere";
        if (found.Used.Count > 0 && found.K < clusters) yield return $"only {found.K} of {clusters} clusters: no more heads are distinct";
    }

    private static string Joined(IEnumerable<string> notes) => string.Join("; ", notes.Where(n => n.Length > 0));
}
