using System.Diagnostics;
using System.Text.Json;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Benchmarks;

/// <summary>Tokens a second of the lock-step engine beside a plain forward and backward pass by
/// autograd, interleaved in one process.</summary>
internal sealed class SamplingBenchmark(int repeats, int threads)
{
    private const int Steps = 2;

    private static readonly JsonSerializerOptions Indented = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    private static readonly (string Case, string[] Components, Func<TransformerConfig, double> Work)[] Cases =
    [
        ("last-layer heads", [.. Enumerable.Range(0, 8).Select(h => $"l1h{h}")], UsefulWork.LastLayerHead),
        ("first-layer heads", [.. Enumerable.Range(0, 8).Select(h => $"l0h{h}")], UsefulWork.FirstLayerHead),
        ("whole model", ["full"], UsefulWork.WholeModel),
    ];

    /// <summary>One line of the table.</summary>
    public sealed record Row(
        string Case,
        double TokensPerSecond,
        double ReferenceTokensPerSecond,
        double Ratio,
        double GflopsPerSecond,
        double ShareOfProductRate);

    public IReadOnlyList<Row> Run()
    {
        var rate = Machine.ProductRate(threads);
        Console.WriteLine($"{threads} thread(s); float32 product of 1024 x 1024 matrices: {rate:F0} GFLOP/s");
        Console.WriteLine($"{"case",-30} {"tokens/s",10} {"reference",10} {"ratio",7} {"GFLOP/s",9} {"share",6}");
        var config = BenchmarkModel.Config;
        using var model = new AttentionOnlyTransformer(config);
        var (weights, contexts) = (model.ToWeights(), BenchmarkModel.RandomContexts(config));
        ProductPrecision[] precisions = [ProductPrecision.Float32];
        if (Core.Kernels.BFloat16.IsSupported) precisions = [.. precisions, ProductPrecision.BFloat16];
        var rows = new List<Row>();
        foreach (var (label, components, work) in Cases)
        foreach (var precision in precisions)
        {
            Component[] parsed = [.. components.Select(c => Component.Parse(c, config))];
            using var engine = new LockStepEngine(
                config, weights, parsed, contexts, threads: threads, precision: precision);
            var (own, reference) = (new List<double>(), new List<double>());
            for (var i = -1; i < repeats; i++)
            {
                var (ours, plain) = (LockStep(engine, components, i), Plain(model, contexts));
                if (i < 0) continue; // warm-up
                own.Add(ours);
                reference.Add(plain);
            }
            var (mine, theirs) = (Machine.Median(own), Machine.Median(reference));
            var gflops = mine * work(config) / 1e9;
            var named = precision == ProductPrecision.Float32 ? label : $"{label}, bfloat16";
            var row = new Row(named, mine, theirs, mine / theirs, gflops, gflops / rate);
            rows.Add(row);
            Console.WriteLine($"{row.Case,-30} {mine,10:N0} {theirs,10:N0} {row.Ratio,7:F2} {gflops,9:F0} {row.ShareOfProductRate,6:P0}");
        }
        return rows;
    }

    public static void Write(IReadOnlyList<Row> rows, string path) =>
        File.WriteAllText(path, JsonSerializer.Serialize(rows, Indented));

    /// <summary>Whole sampler steps: losses, gradients, noise and update of every chain of every
    /// component.</summary>
    private double LockStep(LockStepEngine engine, string[] components, int seed)
    {
        var options = new SgldOptions { Chains = BenchmarkModel.Chains, Draws = Steps, BatchSize = BenchmarkModel.Batch, Seed = seed + 2 };
        var schedule = new MinibatchSchedule(
            NamedRandom.Stream(seed, "benchmark"), engine.RowCount, BenchmarkModel.Batch);
        SampledComponent[] sampled = [.. components.Select(c => new SampledComponent(c, c))];
        var run = new LockStepRun<float>(engine, sampled, schedule, options) { Threads = threads };
        var watch = Stopwatch.StartNew();
        run.Run();
        var tokens = (double)components.Length * BenchmarkModel.Chains * Steps * BenchmarkModel.Batch
            * BenchmarkModel.Config.ContextLength;
        return tokens / watch.Elapsed.TotalSeconds;
    }

    private static double Plain(AttentionOnlyTransformer model, ContextSet contexts)
    {
        using var scope = NewDisposeScope();
        var ids = BenchmarkModel.Ids(contexts, BenchmarkModel.Batch);
        var watch = Stopwatch.StartNew();
        BenchmarkModel.PlainGradients(model, ids);
        return BenchmarkModel.Batch * contexts.ContextLength / watch.Elapsed.TotalSeconds;
    }
}
