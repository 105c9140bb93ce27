using System.Security.Cryptography;
using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Tests.Core.Clustering;

/// <summary>Curves of one channel are clustered to the bits they always were: what a study stored
/// stays what a study gives.</summary>
public sealed class OneChannelBitsTests
{
    private static readonly (string Name, ClusteringOptions Options)[] Cases =
    [
        ("Euclidean", new()),
        ("DTW", new() { Method = ClusteringMethod.DtwKMeans, Restarts = 3 }),
        ("DTW in a band", new() { Method = ClusteringMethod.DtwKMeans, Restarts = 3, WarpingWindow = 0.15 }),
        ("k-Shape", new() { Method = ClusteringMethod.KShape, Restarts = 3 }),
        ("joins", new() { Method = ClusteringMethod.Hierarchical, Distance = CurveDistance.DynamicTimeWarping }),
        ("Ward", new() { Method = ClusteringMethod.Hierarchical, Linkage = Linkage.Ward, LogSteps = true }),
        ("smoothed", new() { Normalization = TrajectoryNormalization.MinMax, SmoothingWindow = 3 }),
    ];

    public static TheoryData<string, string> Digests => new()
    {
        { "Euclidean", "b70ae2502ba01094" },
        { "DTW", "b4e938d98af5860b" },
        { "DTW in a band", "8d0c1b3d5442613f" },
        { "k-Shape", "805940973348035d" },
        { "joins", "9abe0cc80440fc68" },
        { "Ward", "1a0a7da97494f6ae" },
        { "smoothed", "ef1def43af14aadd" },
    };

    [Theory, MemberData(nameof(Digests))]
    public void Clustering_HasTheBitsItAlwaysHad(string name, string digest) =>
        Assert.Equal(digest, DigestOf(Cases.Single(c => c.Name == name).Options));

    private static string DigestOf(ClusteringOptions options)
    {
        var result = TrajectoryClustering.Cluster(Curves(), options, [.. Enumerable.Range(0, 24).Select(t => (double)(t * t))]);
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (var label in result.Labels.Concat(result.Counts.SelectMany(c => c.Labels))) writer.Write(label);
        foreach (var cost in result.Counts.SelectMany(c => new[] { c.Silhouette, c.Cost })) writer.Write(cost);
        foreach (var value in result.ItemSilhouettes) writer.Write(value);
        foreach (var value in result.Distances.Concat(result.Centres).Concat(result.Prepared).SelectMany(v => v)) writer.Write(value);
        return Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))[..16];
    }

    /// <summary>Curves that rise, fall or bend, with noise and two gaps; one is constant.</summary>
    private static double[][] Curves()
    {
        var random = new SplitMix(11);
        var curves = Enumerable.Range(0, 21).Select(i => Enumerable.Range(0, 24).Select(t => (i % 4) switch
        {
            0 => t / 8.0,
            1 => 3 - t / 9.0,
            2 => (t - 6 - i / 3) * (t - 6 - i / 3) / 60.0,
            _ => t > 10 + i / 4 ? 2.0 : 0.1,
        } + 0.6 * random.Unit()).ToArray()).ToArray();
        (curves[3][5], curves[8][0]) = (double.NaN, double.PositiveInfinity);
        curves[20] = [.. curves[20].Select(_ => 0.7)];
        return curves;
    }
}
