using CsCheck;
using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Tests.Core.Clustering;

public sealed class ClusterScoresTests
{
    private static readonly Gen<(int[], int[])> TwoLabellings =
        Gen.Int[1, 12].SelectMany(n => Gen.Select(Gen.Int[0, 3].Array[n], Gen.Int[0, 3].Array[n]));

    [Theory]
    [InlineData(new[] { 0, 0, 1, 2 }, new[] { 0, 0, 1, 1 }, 4.0 / 7, 0.8)]
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 1, 1, 0, 0 }, 1, 1)]
    [InlineData(new[] { 0, 0, 0, 0 }, new[] { 0, 1, 2, 3 }, 0, 0)]
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 0, 1, 0, 1 }, -0.5, 0)]
    [InlineData(new[] { 7, 7, 7 }, new[] { 2, 2, 2 }, 1, 1)]
    [InlineData(new[] { 0, 1, 2 }, new[] { 2, 1, 0 }, 1, 1)]
    public void KnownTables_RandIndexAndMutualInformation(
        int[] first, int[] second, double rand, double information)
    {
        Assert.Equal(rand, ClusterAgreement.AdjustedRandIndex(first, second), 1e-12);
        Assert.Equal(information, ClusterAgreement.NormalizedMutualInformation(first, second), 1e-12);
    }

    [Fact]
    public void NamesAndSides_DoNotMatter() => TwoLabellings.ForAll((first, second) =>
    {
        var renamed = second.Select(label => $"type {9 - label}").ToArray();
        Assert.Equal(
            ClusterAgreement.AdjustedRandIndex(first, second),
            ClusterAgreement.AdjustedRandIndex(renamed, first),
            1e-9);
        Assert.Equal(ClusterAgreement.NormalizedMutualInformation(first, second),
            ClusterAgreement.NormalizedMutualInformation(renamed, first), 1e-9);
    });

    [Fact]
    public void UnrelatedLabels_RandIndexIsAboutZero()
    {
        var random = new SplitMix(1);
        var scores = Enumerable.Range(0, 400).Select(_ => ClusterAgreement.AdjustedRandIndex(
            Enumerable.Range(0, 30).Select(_ => random.Below(3)).ToArray(),
            Enumerable.Range(0, 30).Select(_ => random.Below(3)).ToArray()));

        Assert.Equal(0, scores.Average(), 0.02);
    }

    [Theory]
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 1, 1, 0, 0 }, 1)]
    [InlineData(new[] { 7, 7, 7 }, new[] { 2, 2, 2 }, 1)]
    [InlineData(new[] { 0, 1, 2 }, new[] { 2, 1, 0 }, 1)]
    [InlineData(new[] { 0, 0, 0, 0 }, new[] { 0, 1, 2, 3 }, 0)]
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 0, 1, 0, 1 }, -0.5)]
    public void KnownTables_AdjustedMutualInformation(int[] first, int[] second, double expected) =>
        Assert.Equal(expected, ClusterAgreement.AdjustedMutualInformation(first, second), 1e-12);

    [Fact]
    public void ChanceInformation_IsTheMeanOverAllOrders()
    {
        int[] first = [0, 0, 0, 1, 1], second = [0, 0, 1, 1, 2];
        double Entropy(params int[] sizes) => -sizes.Sum(n => n / 5.0 * Math.Log(n / 5.0));
        double Information(int[] order) => Entropy(3, 2) + Entropy(2, 2, 1)
            - Entropy([.. first.Zip(order).CountBy(pair => pair).Select(cell => cell.Value)]);
        var orders = Enumerable.Range(0, 3125).Select(code => Enumerable.Range(0, 5).Select(i => code / (int)Math.Pow(5, i) % 5).ToArray())
            .Where(places => places.Distinct().Count() == 5).Select(places => places.Select(i => second[i]).ToArray());

        Assert.Equal(orders.Average(Information), ChanceInformation.Mean([3, 2], [2, 2, 1], 5), 1e-12);
    }

    [Theory, InlineData(AgreementIndex.AdjustedRand), InlineData(AgreementIndex.NormalizedMutualInformation),
     InlineData(AgreementIndex.AdjustedMutualInformation)]
    public void PermutationPValue_IsTheShareOfOrdersThatAgreeAsWell(AgreementIndex index)
    {
        // Of the 20 ways to choose three of six items two make the same halves.
        int[] halves = [0, 0, 0, 1, 1, 1];
        Assert.Equal(0.1, ClusterAgreement.PermutationPValue(halves, halves, index, permutations: 20_000), 0.01);
        Assert.Equal(1, ClusterAgreement.PermutationPValue(halves, ["a", "a", "a", "a", "a", "a"], index, permutations: 50));
        Assert.Equal(
            ClusterAgreement.PermutationPValue(halves, [0, 0, 1, 0, 1, 1], index, 99, seed: 3),
            ClusterAgreement.PermutationPValue(halves, ["b", "b", "a", "b", "a", "a"], index, 99, seed: 3));
    }

    [Fact]
    public void DifferentLengths_AreRefused() =>
        Assert.Contains(
            "2 labels",
            Assert.Throws<ArgumentException>(() => ClusterAgreement.AdjustedRandIndex([1, 2], [1])).Message);

    [Fact]
    public void FourPointsByHand_Silhouettes()
    {
        // 0, 1 | 5, 6: a = 1; b = 5.5 outside, 4.5 inside.
        var silhouettes = Silhouettes.Compute(Line(0, 1, 5, 6), [0, 0, 1, 1]);

        Assert.Equal(4.5 / 5.5, silhouettes[0], 1e-12);
        Assert.Equal(3.5 / 4.5, silhouettes[1], 1e-12);
        Assert.Equal(silhouettes[1], silhouettes[2], 1e-12);
        Assert.Equal(silhouettes[0], silhouettes[3], 1e-12);
    }

    [Fact]
    public void ItemInTheWrongCluster_SilhouetteIsNegative()
    {
        // Item 1 (at 1) with those at 5 and 6: a = 4.5, b = 1.
        Assert.Equal(-3.5 / 4.5, Silhouettes.Compute(Line(0, 1, 5, 6), [0, 1, 1, 1])[1], 1e-12);
    }

    [Fact]
    public void AloneOrWithoutAnother_SilhouetteByRule()
    {
        Assert.Equal(0, Silhouettes.Compute(Line(0, 1, 5), [0, 0, 1])[2]);
        Assert.All(Silhouettes.Compute(Line(0, 1, 5), [3, 3, 3]), s => Assert.Equal(double.NaN, s));
        Assert.Equal([0.0, 0, 0], Silhouettes.Compute(Line(2, 2, 2), [0, 0, 1]));
    }

    [Theory]
    [InlineData(Linkage.Single, new[] { 0, 0, 0, 1 })]
    [InlineData(Linkage.Complete, new[] { 0, 0, 1, 1 })]
    [InlineData(Linkage.Ward, new[] { 0, 0, 1, 1 })]
    // Mean distance of {0, 2} to 5 is 4, as that of 5 to 9: the lower items are joined.
    [InlineData(Linkage.Average, new[] { 0, 0, 0, 1 })]
    public void FourPointsByHand_LinkageDecides(Linkage linkage, int[] expected) =>
        Assert.Equal(expected, HierarchicalClustering.Cut(Line(0, 2, 5, 9), 2, linkage));

    [Fact]
    public void WardOnPoints_JoinsWhereTheSquaresGrowLeast()
    {
        // {0, 1} and {10} would cost 2/3 9.5^2 = 60.2; {10} and {20} 50; {0, 1} and {4} 2/3 3.5^2 = 8.2.
        Assert.Equal([0, 0, 0, 1, 2], HierarchicalClustering.Cut(Line(0, 1, 4, 10, 20), 3, Linkage.Ward));
        // Then {0, 1, 4} and {10} 3/4 (25/3)^2 = 52.1 against 50.
        Assert.Equal([0, 0, 0, 1, 1], HierarchicalClustering.Cut(Line(0, 1, 4, 10, 20), 2, Linkage.Ward));
        // {0, 4} and {8.1}: twice 2/3 6.1^2 is 49.6 against 7.2^2 = 51.8 of 8.1 and 15.3.
        Assert.Equal([0, 0, 0, 1], HierarchicalClustering.Cut(Line(0, 4, 8.1, 15.3), 2, Linkage.Ward));
    }

    [Fact]
    public void TableWithoutNumbers_IsRefusedWithThePlace()
    {
        double[,] distances = { { 0, 1 }, { double.NaN, 0 } };
        Action[] calls =
        [
            () => HierarchicalClustering.Cut(distances, 1, Linkage.Single),
            () => HierarchicalClustering.Merges(distances, Linkage.Single), () => Silhouettes.Compute(distances, [0, 1]),
        ];
        Assert.All(calls, call => Assert.Contains("items 1 and 0 is NaN", Assert.Throws<ArgumentException>(call).Message));
        Assert.Contains("2 x 3", Assert.Throws<ArgumentException>(() =>
            HierarchicalClustering.Merges(new double[2, 3], Linkage.Single)).Message);
    }

    [Fact]
    public void MoreClustersThanItems_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => HierarchicalClustering.Cut(Line(0, 1), 3, Linkage.Single));

    private static double[,] Line(params double[] points)
    {
        var distances = new double[points.Length, points.Length];
        for (var i = 0; i < points.Length; i++)
            for (var j = 0; j < points.Length; j++) distances[i, j] = Math.Abs(points[i] - points[j]);
        return distances;
    }
}
