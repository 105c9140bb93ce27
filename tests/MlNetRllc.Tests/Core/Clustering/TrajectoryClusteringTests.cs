using CsCheck;
using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Tests.Core.Clustering;

public sealed class TrajectoryClusteringTests
{
    private static readonly ClusteringOptions Plain = new() { Normalization = TrajectoryNormalization.None };

    public static readonly TheoryData<ClusteringOptions> Methods =
    [
        new ClusteringOptions { Method = ClusteringMethod.EuclideanKMeans },
        new ClusteringOptions { Method = ClusteringMethod.DtwKMeans, Restarts = 5, WarpingWindow = 0.1 },
        new ClusteringOptions { Method = ClusteringMethod.KShape },
        new ClusteringOptions { Method = ClusteringMethod.Hierarchical, Linkage = Linkage.Average },
        new ClusteringOptions { Method = ClusteringMethod.Hierarchical, Linkage = Linkage.Ward },
        new ClusteringOptions
        {
            Method = ClusteringMethod.Hierarchical, Linkage = Linkage.Complete, Distance = CurveDistance.DynamicTimeWarping,
        },
    ];

    [Theory]
    [MemberData(nameof(Methods))]
    public void ThreePlantedShapes_AreFoundWithTheirNumber(ClusteringOptions options)
    {
        var (curves, types) = Shapes();
        var result = TrajectoryClustering.Cluster(curves, options);

        Assert.Equal(3, result.K);
        Assert.Equal(1, ClusterAgreement.AdjustedRandIndex(types, result.Labels));
        Assert.Equal([2, 3, 4, 5, 6], result.Counts.Select(count => count.K));
        Assert.Equal(result.Counts.Max(count => count.Silhouette), result.Silhouette, 1e-12);
        Assert.All(result.Labels.Index(), item =>
            Assert.Equal(item.Item, Array.IndexOf(result.Distances[item.Index], result.Distances[item.Index].Min())));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void SameSeed_SameResult(ClusteringOptions options)
    {
        var (curves, _) = Shapes();
        var one = TrajectoryClustering.Cluster(curves, options with { Clusters = 4 });
        var two = TrajectoryClustering.Cluster(curves, options with { Clusters = 4 });

        Assert.Equal(one.Labels, two.Labels);
        Assert.Equal(one.Centres, two.Centres);
    }

    [Fact]
    public void FewCurves_KMeansReachesTheBestPartitionOfAll() =>
        Gen.Select(Gen.Double[-5, 5].Array[2].Array[7], Gen.Int[2, 3]).ForAll((curves, k) =>
        {
            var result = TrajectoryClustering.Cluster(
                curves, Plain with { Clusters = k, MinClusters = k, MaxClusters = k, Restarts = 60 });
            Assert.Equal(BestCost(curves, k), result.Counts[0].Cost, 1e-6);
        }, cases: 30);

    [Fact]
    public void AddingAConstantAndScaling_ChangesNothingWhenStandardised()
    {
        var (curves, _) = Shapes();
        var moved = curves.Select((curve, i) => curve.Select(x => 7 * i + (1 + i) * x).ToArray()).ToArray();

        Assert.Equal(
            TrajectoryClustering.Cluster(curves, new()).Labels,
            TrajectoryClustering.Cluster(moved, new()).Labels);
    }

    [Fact]
    public void OrderOfCurves_GivesTheSamePartition()
    {
        var (curves, types) = Shapes();
        var result = TrajectoryClustering.Cluster([.. curves.Reverse()], new());

        Assert.Equal(1, ClusterAgreement.AdjustedRandIndex(types.Reverse().ToArray(), result.Labels));
    }

    [Fact]
    public void BumpsAtDifferentTimes_WarpingPutsThemTogetherWhereEuclideanDoesNot()
    {
        double[][] curves = [Bump(3), Bump(6), Bump(9), Bump(12),
            .. Enumerable.Range(0, 4).Select(i => Bump(7).Select(x => -0.5 * x - 0.01 * i).ToArray())];
        int[] types = [0, 0, 0, 0, 1, 1, 1, 1];
        var warped = TrajectoryClustering.Cluster(
            curves, Plain with { Method = ClusteringMethod.DtwKMeans, Clusters = 2 });
        var shifted = TrajectoryClustering.Cluster(
            curves, Plain with { Method = ClusteringMethod.KShape, Clusters = 2 });

        Assert.Equal(1, ClusterAgreement.AdjustedRandIndex(types, warped.Labels));
        Assert.Equal(1, ClusterAgreement.AdjustedRandIndex(types, shifted.Labels));
        Assert.True(TrajectoryClustering.Cluster(curves, Plain with { Clusters = 2 }).Silhouette < warped.Silhouette);
    }

    [Fact]
    public void Labels_AreNumberedByFirstAppearance()
    {
        double[][] curves = [[9, 9], [0, 0], [9, 8], [5, 5]];

        Assert.Equal([0, 1, 0, 2], TrajectoryClustering.Cluster(curves, Plain with { Clusters = 3 }).Labels);
    }

    [Fact]
    public void CurvesThatNeverDiffer_AreOneClusterWithANote()
    {
        var result = TrajectoryClustering.Cluster([[1, 2, 3], [11, 12, 13], [2, 4, 6]], new() { Clusters = 3 });

        Assert.Equal((1, 0), (result.K, result.Labels.Max()));
        Assert.Contains("No two of the 3 curves are farther apart than rounding", Assert.Single(result.Notes));
        Assert.Equal(double.NaN, result.Silhouette);
    }

    [Fact]
    public void OneCurve_IsOneClusterWithANote()
    {
        var result = TrajectoryClustering.Cluster([[1, 2, 4]], new() { Clusters = 2 });

        Assert.Equal((1, "There is one curve: it is one cluster."), (result.K, Assert.Single(result.Notes)));
    }

    [Fact]
    public void MoreClustersThanDistinctCurves_NumberIsLoweredWithANote()
    {
        var result = TrajectoryClustering.Cluster(
            [[1, 2], [1, 2], [5, 0], [5, 0]], Plain with { Clusters = 4 });

        Assert.Equal([0, 0, 1, 1], result.Labels);
        Assert.Contains("only 2 curves are distinct", Assert.Single(result.Notes));
    }

    [Fact]
    public void CurvesOfOnePoint_AreExcludedWithANote()
    {
        var result = TrajectoryClustering.Cluster([[1], [2], [3]], new() { Clusters = 2 });

        Assert.Equal([-1, -1, -1], result.Labels);
        Assert.Equal(0, result.K);
        Assert.Equal(3, result.Excluded.Count);
        Assert.Contains("more checkpoints", Assert.Single(result.Notes));
    }

    [Fact]
    public void MissingPoints_AreFilledAndTooManyExcludeTheCurve()
    {
        double[][] curves = [[0, 1, 2, 3], [double.NaN, 3, double.NaN, double.NaN], [0, double.NaN, 2, 3], [3, 2, 1, 0]];
        var result = TrajectoryClustering.Cluster(curves, Plain with { Clusters = 2 });

        Assert.Equal([0, -1, 0, 1], result.Labels);
        Assert.Equal([0.0, 1, 2, 3], result.Prepared[2]);
        Assert.Equal(double.NaN, result.Distances[1][0]);
        Assert.Equal(
            (1, "1 of 4 points are finite; a curve needs 2."),
            (result.Excluded[0].Index, result.Excluded[0].Reason));
    }

    [Fact]
    public void NoCurves_GiveAnEmptyResult() => Assert.Equal(0, TrajectoryClustering.Cluster([], new()).K);

    [Fact]
    public void LogSteps_ResampleTheCurves()
    {
        var result = TrajectoryClustering.Cluster(
            [[0, 10, 20, 70], [0, 0, 1, 0]], Plain with { LogSteps = true, Clusters = 2 }, [0, 1, 2, 7]);

        Assert.Equal([0.0, 1, 3, 7], result.Axis.Select(x => Math.Round(x, 9)));
        Assert.Equal([0.0, 10, 30, 70], result.Prepared[0].Select(x => Math.Round(x, 9)));
    }

    [Fact]
    public void InputsThatDoNotFit_AreRefusedWithThePlace()
    {
        static string Message(Action act) => Assert.ThrowsAny<ArgumentException>(act).Message;

        Assert.Contains(
            "Curve 1 has 3 points",
            Message(() => TrajectoryClustering.Cluster([[1, 2], [1, 2, 3]], new())));
        Assert.Contains(
            "Step 2 is 4", Message(() => TrajectoryClustering.Cluster([[1, 2, 3]], new(), [0, 5, 4])));
        Assert.Contains(
            "2 steps for curves of 3",
            Message(() => TrajectoryClustering.Cluster([[1, 2, 3]], new(), [0, 5])));
        Assert.Contains(
            "give steps",
            Message(() => TrajectoryClustering.Cluster([[1, 2]], new() { LogSteps = true })));
        Assert.Contains(
            "MinClusters 7",
            Message(() => TrajectoryClustering.Cluster([[1, 2]], new() { MinClusters = 7 })));
        Assert.Contains("Ward", Message(() => TrajectoryClustering.Cluster([[1, 2]],
            new() { Method = ClusteringMethod.Hierarchical, Linkage = Linkage.Ward, Distance = CurveDistance.DynamicTimeWarping })));
        Assert.Contains(
            "Restarts", Message(() => TrajectoryClustering.Cluster([[1, 2]], new() { Restarts = 0 })));
    }

    [Fact]
    public void WellSeparatedShapes_SeedDoesNotMatter()
    {
        var stability = ClusteringStability.OverSeeds(Shapes().Curves, new(), seeds: 5);

        Assert.Equal((1.0, 1.0), (stability.MeanAgreement, stability.LeastAgreement));
        Assert.Equal(5, stability.SeedsByCount[3]);
    }

    [Fact]
    public void Noise_SeedMatters()
    {
        var random = new SplitMix(4);
        var noise = Enumerable.Range(0, 24)
            .Select(_ => Enumerable.Range(0, 10).Select(_ => random.Unit()).ToArray())
            .ToArray();
        var stability = ClusteringStability.OverSeeds(noise, new() { Restarts = 1, Clusters = 4 }, seeds: 6);

        Assert.InRange(stability.MeanAgreement, 0, 0.9);
    }

    private static double[] Bump(double at) =>
        [.. Enumerable.Range(0, 16).Select(t => Math.Exp(-(t - at) * (t - at) / 4))];

    /// <summary>Curves that rise, fall, or oscillate, with noise, in mixed order.</summary>
    private static (double[][] Curves, string[] Types) Shapes()
    {
        var random = new SplitMix(2);
        Func<double, double>[] shapes = [x => Math.Tanh(4 * x - 2), x => -Math.Tanh(4 * x - 2), x => Math.Sin(12.6 * x)];
        string[] names = ["rise", "fall", "wave"];
        var picks = Enumerable.Range(0, 15).Select(i => i * 7 % 3).ToArray();
        return ([.. picks.Select(shape => Enumerable.Range(0, 30)
                .Select(t => shapes[shape](t / 29.0) + 0.3 * (random.Unit() - 0.5)).ToArray())], [.. picks.Select(shape => names[shape])]);
    }

    private static double BestCost(double[][] curves, int k)
    {
        var best = double.PositiveInfinity;
        for (var code = 0; code < (int)Math.Pow(k, curves.Length); code++)
        {
            var labels = Enumerable.Range(0, curves.Length)
                .Select(i => code / (int)Math.Pow(k, i) % k)
                .ToArray();
            if (labels.Distinct().Count() < k) continue;
            best = Math.Min(best, Enumerable.Range(0, k).Sum(j =>
            {
                var members = curves.Where((_, i) => labels[i] == j).ToArray();
                return Enumerable.Range(0, 2).Sum(d => members.Sum(m => Math.Pow(m[d] - members.Average(o => o[d]), 2)));
            }));
        }
        return best;
    }
}
