using MlNetRllc.Core.Randomness;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Tests.Runner.Steps;

/// <summary>Synthetic heads: two layers of eight, with or without types in their features.</summary>
public sealed class TypeComparisonTests
{
    private static readonly IReadOnlyList<string> Heads =
        [.. Enumerable.Range(0, 2).SelectMany(layer => Enumerable.Range(0, 8).Select(head => $"l{layer}h{head}"))];

    private static readonly Dictionary<string, string> Types = Heads.ToDictionary(h => h, h => h switch
    {
        "l0h0" or "l0h3" => "previous-token",
        "l1h1" or "l1h4" => "induction",
        "l0h7" or "l1h7" => "unclear",
        _ => "multigram",
    });

    [Fact]
    public void PlantedTypes_HaveAnIndexOf1_AndASmallPValue()
    {
        var row = Compare(Planted(1)).Row;
        Assert.Equal(("planted", 14, 3, 3, 4, 0), (row.Source, row.Heads, row.Types, row.Clusters, row.Features, row.Missing));
        Assert.Equal(1, row.AdjustedRand);
        Assert.InRange(row.PValue, 1e-4, 0.002);
        Assert.Equal("", row.Note);
    }

    [Fact]
    public void FeaturesWithoutTypes_HaveAnIndexAbout0()
    {
        var rows = Enumerable.Range(0, 40).Select(seed => Compare(Noise(seed), new() { Permutations = 199, Restarts = 5 }).Row).ToList();
        Assert.InRange(rows.Average(r => r.AdjustedRand), -0.08, 0.08);
        Assert.InRange(rows.Count(r => r.PValue <= 0.05), 0, 6);
        Assert.InRange(rows.Count(r => r.PValue <= 0.5), 8, 32);
    }

    [Fact]
    public void ClustersOfHeads_StandBesideEachFeature()
    {
        var features = Compare(Planted(1)).Features;
        Assert.Equal(4 * 16, features.Count);
        Assert.All(features.Where(f => f.HeadType == "unclear"), f => Assert.Equal(-1, f.Cluster));
        Assert.Single(features.Where(f => f.HeadType == "induction").Select(f => f.Cluster).Distinct());
    }

    [Fact]
    public void MissingValues_AreCounted_AndSparseFeaturesLeftOut()
    {
        var source = Planted(1);
        var missing = source.Features[0].Values.ToDictionary(v => v.Key, v => v.Key is "l0h1" or "l0h7" ? double.NaN : v.Value);
        var sparse = source.Features[1].Values.Take(5).ToDictionary();
        var row = Compare(source with { Features = [new("a", missing), new("b", sparse), .. source.Features.Skip(1)] }).Row;
        Assert.Equal((4, 1), (row.Features, row.Missing));
        Assert.Contains("1 features are missing for more than half of the heads", row.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void HeadWithoutAnyFeature_CountsAllTheSame_AndIsNamed()
    {
        var features = Planted(1).Features.Select(f => f with { Values = f.Values.Where(v => v.Key != "l0h1").ToDictionary() });
        var row = Compare(new("planted", [.. features])).Row;
        Assert.Equal((14, 4, "without a feature: l0h1"), (row.Heads, row.Missing, row.Note));
        Assert.InRange(row.AdjustedRand, 0, 1);
    }

    /// <summary>A source that knows few heads well is not asked about these alone.</summary>
    [Fact]
    public void SourceThatKnowsFewHeads_HasNoIndex()
    {
        string[] few = ["l0h0", "l0h1", "l1h1", "l1h4"];
        var features = Planted(1).Features.Select(f => f with { Values = f.Values.Where(v => few.Contains(v.Key)).ToDictionary() });
        var row = Compare(new("few", [.. features])).Row;
        Assert.True(double.IsNaN(row.AdjustedRand) && double.IsNaN(row.PValue));
        Assert.Equal((14, 0), (row.Heads, row.Features));
        Assert.StartsWith("no feature tells heads apart; 4 features are missing for more than half", row.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void OneTypeOnly_HasNoIndex_AndSaysWhy()
    {
        var types = Heads.ToDictionary(h => h, _ => "multigram");
        var row = new TypeComparison(types, new()).Compare(Planted(1)).Row;
        Assert.True(double.IsNaN(row.AdjustedRand) && double.IsNaN(row.PValue));
        Assert.Equal((1, "all heads are of one type: there is nothing to tell apart"), (row.Types, row.Note));
    }

    [Fact]
    public void HeadsWithoutTypes_HaveNoIndex_AndSaysWhy()
    {
        var row = new TypeComparison(Heads.ToDictionary(h => h, _ => "unclear"), new()).Compare(Planted(1)).Row;
        Assert.True(double.IsNaN(row.AdjustedRand));
        Assert.Equal((0, "no head has a type"), (row.Heads, row.Note));
    }

    [Fact]
    public void SourceWithoutFeatures_HasNoIndex()
    {
        var row = Compare(new("empty", [], "nothing was given")).Row;
        Assert.True(double.IsNaN(row.AdjustedRand));
        Assert.Equal("nothing was given; no feature tells heads apart", row.Note);
    }

    [Fact]
    public void ClustersAsked_AreMade() => Assert.Equal(5, Compare(Planted(1), new() { Clusters = 5 }).Row.Clusters);

    [Fact]
    public void InductionHeads_AreRankedInTheirLayer_AmongUnclearOnesToo()
    {
        var row = Rank(Heads.ToDictionary(h => h, h => h is "l1h4" ? 9 : h is "l1h1" ? 8 : h is "l0h5" ? 20 : h is "l1h7" ? 7.5 : 1));
        Assert.Equal((8, 2, true, "1, 2"), (row.Heads, row.InductionHeads, row.InductionFirst, row.InductionRanks));
        Assert.Equal(1.0 / 28, row.InductionChance, 14);
        Assert.Equal(("planted", "prose/inductionNew over prose", 1, ""), (row.Source, row.RankedBy, row.Layer, row.Note));
        Assert.False(Rank(Heads.ToDictionary(h => h, h => h is "l1h4" ? 9 : h is "l1h1" ? 7 : h is "l1h7" ? 7.5 : 1)).InductionFirst);
    }

    [Fact]
    public void HeadWithoutAValue_IsNamed()
    {
        var row = Rank(Heads.Where(h => h != "l1h2").ToDictionary(h => h, h => h is "l1h4" or "l1h1" ? 9.0 : 1));
        Assert.Equal((7, true, "without a value: l1h2"), (row.Heads, row.InductionFirst, row.Note));
    }

    [Fact]
    public void LayerWithoutInductionHeads_SaysSo()
    {
        var row = Rank(Heads.ToDictionary(h => h, _ => 1.0), new() { Layer = 0, RankedBy = ["inductionNew"] });
        Assert.Equal((0, false, "", "layer 0 has no induction head"),
            (row.InductionHeads, row.InductionFirst, row.InductionRanks, row.Note));
        Assert.True(double.IsNaN(row.InductionChance));
    }

    [Fact]
    public void PatternThatNoSetHas_IsSaid()
    {
        var row = new TypeComparison(Types, new() { RankedBy = ["secondCopy"] }).Ranks(Planted(1) with { Ordering = [] }).Single();
        Assert.Equal(("secondCopy", "no probe set has this pattern"), (row.RankedBy, row.Note));
    }

    [Fact]
    public void SourceThatOrdersNothing_HasNoRow() => Assert.Empty(new TypeComparison(Types, new()).Ranks(Planted(1)));

    private static (ComparisonRow Row, IReadOnlyList<HeadFeatureRow> Features) Compare(
        FeatureSource source, CompareOptions? options = null) =>
        new TypeComparison(Types, options ?? new()).Compare(source);

    private static InductionRankRow Rank(Dictionary<string, double> values, CompareOptions? options = null)
    {
        var feature = new HeadFeature("prose/inductionNew over prose", values) { Of = ("prose", "inductionNew") };
        var source = Planted(1) with { Ordering = [feature] };
        return new TypeComparison(Types, options ?? new() { RankedBy = ["prose/inductionNew"] }).Ranks(source).Single();
    }

    private static FeatureSource Planted(int seed) => Source("planted", seed, head => Types[head] switch
    {
        "previous-token" => [0, 0, 9, 0],
        "induction" => [9, 0, 0, 9],
        _ => [0, 9, 0, 0],
    });

    private static FeatureSource Noise(int seed) => Source("noise", seed, _ => [0, 0, 0, 0]);

    private static FeatureSource Source(string name, int seed, Func<string, double[]> centre)
    {
        var random = NamedRandom.Stream("synthetic heads", seed);
        var rows = Heads.Select((head, i) =>
        {
            var noise = new double[4];
            random.Normals(noise.AsSpan(), (ulong)i);
            return (head, Values: centre(head).Zip(noise, (c, n) => c + n).ToArray());
        }).ToList();
        return new(name, [.. Enumerable.Range(0, 4).Select(f =>
            new HeadFeature($"feature {f}", rows.ToDictionary(r => r.head, r => r.Values[f])))]);
    }
}
