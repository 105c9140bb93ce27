using System.Diagnostics;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Benchmarks;

/// <summary>Time to cluster 1,000 random walks of 100 points in 3 channels into 8 clusters, from given
/// centres, five rounds.</summary>
internal static class ClusteringBenchmark
{
    private const int Curves = 1000, Channels = 3, Points = 100, Clusters = 8, Rounds = 5;

    /// <summary>A case.</summary>
    /// <param name="Name">What was timed.</param>
    /// <param name="Seconds">Median.</param>
    /// <param name="Rounds">Rounds that were made.</param>
    /// <param name="Cost">Sum of squared distances to the own centre, which two runs share to the last bit.</param>
    public sealed record Row(string Name, double Seconds, int Rounds, double Cost);

    private static readonly (string Name, ClusteringOptions Options)[] Cases =
    [
        ("Euclidean k-means", new() { Method = ClusteringMethod.EuclideanKMeans, Silhouettes = false }),
        ("DTW k-means", new() { Method = ClusteringMethod.DtwKMeans, Silhouettes = false }),
        ("DTW k-means, radius 10", new() { Method = ClusteringMethod.DtwKMeans, Silhouettes = false, WarpingRadius = 10 }),
        ("DTW k-means with silhouettes", new() { Method = ClusteringMethod.DtwKMeans }),
        ("k-Shape", new() { Method = ClusteringMethod.KShape, Silhouettes = false }),
        ("k-Shape with silhouettes", new() { Method = ClusteringMethod.KShape }),
    ];

    /// <summary>Times every case.</summary>
    public static IReadOnlyList<Row> Run(int repeats)
    {
        double[][][] curves = [.. Enumerable.Range(0, Curves).Select(Walk)];
        var rows = new List<Row>();
        foreach (var (name, options) in Cases)
        {
            var (seconds, result) = (new List<double>(), Clustered(curves[..40], options));
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                var watch = Stopwatch.StartNew();
                result = Clustered(curves, options);
                seconds.Add(watch.Elapsed.TotalSeconds);
            }
            var row = new Row(name, seconds.Order().ElementAt(repeats / 2), result.Rounds, result.CostHistory[^1]);
            rows.Add(row);
            Console.WriteLine($"{row.Name,-30} {row.Seconds,8:F2} s, {row.Rounds} rounds, cost {row.Cost:R}");
        }
        return rows;
    }

    private static ClusteringResult Clustered(double[][][] curves, ClusteringOptions options) => TrajectoryClustering.ClusterChannels(
        curves, options with { MaxIterations = Rounds }, initialCentres: [.. curves.Take(Clusters)]);

    private static double[][] Walk(int number)
    {
        var walk = new double[Channels][];
        for (var c = 0; c < Channels; c++)
        {
            walk[c] = new double[Points];
            NamedRandom.Stream("walks", number, c).Normals(walk[c], 0);
            for (var t = 1; t < Points; t++) walk[c][t] += walk[c][t - 1];
        }
        return walk;
    }
}
