using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Native;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Benchmarks;

/// <summary>Tokens a second of the lock-step engine beside a plain forward and backward pass by
/// autograd, interleaved in one process.</summary>
internal sealed class SamplingBenchmark(int repeats, int threads, string? only = null)
{
    private const int Steps = 2;

    private static readonly (string Case, string[] Components, Func<TransformerConfig, double> Work)[] Cases =
    [
        ("last-layer heads", [.. Enumerable.Range(0, 8).Select(h => $"l1h{h}")], UsefulWork.LastLayerHead),
        ("first-layer heads", [.. Enumerable.Range(0, 8).Select(h => $"l0h{h}")], UsefulWork.FirstLayerHead),
        ("whole model", ["full"], UsefulWork.WholeModel),
    ];

    /// <summary>One line of the table.</summary>
    /// <param name="Case">What is sampled.</param>
    /// <param name="TokensPerSecond">Of the lock-step engine, for a chain.</param>
    /// <param name="PlainTokensPerSecond">Of a forward and backward pass as a user writes it.</param>
    /// <param name="TunedTokensPerSecond">Of the same gradients with logits for some rows at a time.</param>
    /// <param name="GflopsPerSecond">Of useful work alone: <see cref="UsefulWork"/>.</param>
    /// <param name="ShareOfPeak">Useful work over the fused multiply-adds that the cores can do.</param>
    public sealed record Row(
        string Case,
        double TokensPerSecond,
        double PlainTokensPerSecond,
        double TunedTokensPerSecond,
        double GflopsPerSecond,
        double ShareOfPeak)
    {
        public double RatioToPlain => TokensPerSecond / PlainTokensPerSecond;

        public double RatioToTuned => TokensPerSecond / TunedTokensPerSecond;
    }

    public IReadOnlyList<Row> Run()
    {
        var (rate, peak) = (Machine.ProductRate(threads), threads * KernelRate.Peak(KernelSet.Used, windows: 100) / 1e9);
        Console.WriteLine(
            $"{Processor.Name}, Avx512F.IsSupported {Avx512F.IsSupported}; kernels {KernelSet.Used.Name}; {threads} thread(s)");
        Console.WriteLine($"peak {peak:F0} GFLOP/s; libtorch's float32 product of 1024 x 1024 matrices {rate:F0} GFLOP/s");
        Console.WriteLine(
            $"{"case",-28} {"tokens/s",9} {"plain",7} {"ratio",6} {"tuned",7} {"ratio",6} {"GFLOP/s",8} {"of peak",8}");
        var config = BenchmarkModel.Config;
        using var model = new AttentionOnlyTransformer(config);
        var (weights, contexts) = (model.ToWeights(), BenchmarkModel.RandomContexts(config));
        ProductPrecision[] precisions = [ProductPrecision.Float32];
        if (Core.Kernels.BFloat16.IsSupported) precisions = [.. precisions, ProductPrecision.BFloat16];
        var rows = new List<Row>();
        foreach (var (label, components, work) in Cases.Where(c => only is null || c.Case == only))
        foreach (var precision in precisions)
        {
            Component[] parsed = [.. components.Select(c => Component.Parse(c, config))];
            using var engine = new LockStepEngine(
                config, weights, parsed, contexts, threads: threads, precision: precision);
            var (own, plain, tuned) = (new List<double>(), new List<double>(), new List<double>());
            for (var i = -1; i < repeats; i++)
            {
                var ours = LockStep(engine, components, i);
                var (written, quick) = (Reference(BenchmarkModel.PlainGradients), Reference(BenchmarkModel.TunedGradients));
                if (i < 0) continue; // warm-up
                own.Add(ours);
                plain.Add(written);
                tuned.Add(quick);
            }
            var gflops = Machine.Median(own) * work(config) / 1e9;
            var named = precision == ProductPrecision.Float32 ? label : $"{label}, bfloat16";
            var row = new Row(named, Machine.Median(own), Machine.Median(plain), Machine.Median(tuned), gflops, gflops / peak);
            rows.Add(row);
            Console.WriteLine(
                $"{row.Case,-28} {row.TokensPerSecond,9:N0} {row.PlainTokensPerSecond,7:N0} {row.RatioToPlain,6:F2} "
                + $"{row.TunedTokensPerSecond,7:N0} {row.RatioToTuned,6:F2} {gflops,8:F0} {row.ShareOfPeak,8:P0}");
        }
        return rows;

        double Reference(Action<AttentionOnlyTransformer, Tensor> gradients)
        {
            using var scope = NewDisposeScope();
            var ids = BenchmarkModel.Ids(contexts, BenchmarkModel.Batch);
            var watch = Stopwatch.StartNew();
            gradients(model, ids);
            return BenchmarkModel.Batch * contexts.ContextLength / watch.Elapsed.TotalSeconds;
        }
    }

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
}
