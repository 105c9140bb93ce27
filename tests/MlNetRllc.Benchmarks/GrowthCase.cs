using System.Text;
using Microsoft.ML;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Benchmarks;

/// <summary>Something that is done at several sizes.</summary>
/// <param name="Name">For the command line.</param>
/// <param name="What">What grows.</param>
/// <param name="Sizes">At which it is measured, rising.</param>
/// <param name="Prepare">Makes what is worked on (size, an empty folder) and gives the work.</param>
internal sealed record GrowthCase(
    string Name, string What, IReadOnlyList<int> Sizes, Func<int, string, Action> Prepare)
{
    /// <summary>What it needs and this machine lacks; null when nothing.</summary>
    public string? Lacks { get; init; }

    /// <summary>What a study costs beside its work, then what computes.</summary>
    public static IReadOnlyList<GrowthCase> All { get; } =
    [
        .. StudyGrowth.Cases,
        new("estimate", "draws of 4 unsettled chains", [8_000, 32_000, 128_000], (draws, _) =>
        {
            var trace = Wandering(draws);
            return () => RllcEstimation.Estimate(trace, new());
        }),
        new("k-means", "heads, 20 seeds", [256, 1024, 2048], (heads, _) => Clustering(heads, ClusteringMethod.EuclideanKMeans)),
        new("joins", "heads, 20 seeds", [800, 1600, 3200], (heads, _) => Clustering(heads, ClusteringMethod.Hierarchical)),
        new("curves", "curves, clustered once", [5_000, 10_000, 20_000], (count, _) =>
        {
            var curves = Curves(count);
            return () => TrajectoryClustering.Cluster(curves, new() { Restarts = 1, MaxClusters = 2 });
        }),
        new("text", "megabytes of one .txt file", [16, 64, 256], (megabytes, folder) =>
        {
            var path = Path.Combine(folder, "long.txt");
            using (var file = new StreamWriter(path, append: false, new UTF8Encoding(false)))
                for (var line = 0L; file.BaseStream.Position < megabytes * 1_000_000L; line++)
                    file.Write($"line {line} of a text that goes on and on\n");
            return () =>
            {
                var text = new MLContext(1).Rllc.LoadText(path).View;
                using var cursor = text.GetRowCursor([text.Schema["Text"]]);
                var read = cursor.GetGetter<ReadOnlyMemory<char>>(text.Schema["Text"]);
                for (ReadOnlyMemory<char> value = default; cursor.MoveNext();) read(ref value);
            };
        }),
        new("walkers", "heads, 128 a layer", [256, 512, 1024], (heads, _) =>
        {
            var config = new TransformerConfig
            {
                VocabularySize = 64,
                ContextLength = 8,
                Layers = heads / 128,
                Heads = 128,
                ModelWidth = 64,
                HeadWidth = 1,
            };
            using var model = new AttentionOnlyTransformer(config);
            var sampler = new SgldSampler(config, model.ToWeights(), BenchmarkModel.RandomContexts(config));
            return () => sampler.Sample([.. Component.Expand("heads", config)], new() { Chains = 4, Draws = 1, BurnIn = 0, BatchSize = 1 });
        }),
    ];

    private static Action Clustering(int heads, ClusteringMethod method)
    {
        var curves = Curves(heads);
        var options = new ClusteringOptions { Method = method };
        return () =>
        {
            TrajectoryClustering.Cluster(curves, options);
            ClusteringStability.OverSeeds(curves, options, seeds: 20);
        };
    }

    /// <summary>Noisy curves about five shapes, 60 points each.</summary>
    private static double[][] Curves(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var curve = new double[60];
        NamedRandom.Stream("curves", i).Normals(curve, 0);
        for (var t = 0; t < curve.Length; t++) curve[t] = Math.Sin(t / 9.0 + i % 5) + 0.2 * curve[t];
        return curve;
    })];

    /// <summary>Chains that wander over hundreds of draws.</summary>
    private static LossTrace Wandering(int draws)
    {
        const int Chains = 4;
        var losses = new double[Chains * draws];
        NamedRandom.Stream("wandering").Normals(losses, 0);
        for (var i = 0; i < losses.Length; i++) losses[i] += i % draws == 0 ? 0 : 0.9999 * losses[i - 1];
        return new()
        {
            Component = "l0h0",
            Dimension = 10,
            NBeta = 10,
            Chains = Chains,
            Draws = draws,
            Losses = losses,
            BaselineLosses = new double[draws],
            MalaAcceptance = new double[Chains],
            DivergedAt = [-1, -1, -1, -1],
        };
    }
}
