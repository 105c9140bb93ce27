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

    private static readonly Case[] Cases =
    [
        new("last-layer heads", BenchmarkModel.Config, HeadsOf(1), UsefulWork.LastLayerHead),
        new("first-layer heads", BenchmarkModel.Config, HeadsOf(0), UsefulWork.FirstLayerHead),
        new("whole model", BenchmarkModel.Config, ["full"], UsefulWork.WholeModel),
        new("last-layer heads below an MLP", BenchmarkModel.WithMlp, HeadsOf(1), UsefulWork.HeadBelowAnMlp),
        new("first-layer heads, MLPs", BenchmarkModel.WithMlp, HeadsOf(0), UsefulWork.FirstLayerHead),
        new("MLPs", BenchmarkModel.WithMlp, ["l0 mlp", "l1 mlp"], UsefulWork.MlpOfALayer),
        new("whole model with MLPs", BenchmarkModel.WithMlp, ["full"], UsefulWork.WholeModel),
    ];

    /// <summary>What is sampled, of which model, and what a token of it cannot do without.</summary>
    private sealed record Case(string Label, TransformerConfig Config, string[] Components, Func<TransformerConfig, double> Work);

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
            $"{"case",-40} {"tokens/s",9} {"plain",7} {"ratio",6} {"tuned",7} {"ratio",6} {"GFLOP/s",8} {"of peak",8}");
        ProductPrecision[] precisions = [ProductPrecision.Float32];
        if (Core.Kernels.BFloat16.IsSupported) precisions = [.. precisions, ProductPrecision.BFloat16];
        var rows = new List<Row>();
        foreach (var (label, config, components, work) in Cases.Where(c => only is null || c.Label == only))
        foreach (var precision in precisions)
        {
            using var model = new AttentionOnlyTransformer(config);
            var (weights, contexts) = (model.ToWeights(), BenchmarkModel.RandomContexts(config));
            Component[] parsed = [.. components.Select(c => Component.Parse(c, config))];
            using var engine = new LockStepEngine(
                config, weights, parsed, contexts, threads: threads, precision: precision);
            var (own, plain, tuned) = (new List<double>(), new List<double>(), new List<double>());
            for (var i = -1; i < repeats; i++)
            {
                var ours = LockStep(engine, components, i);
                var written = Reference(model, contexts, BenchmarkModel.PlainGradients);
                var quick = Reference(model, contexts, BenchmarkModel.TunedGradients);
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
                $"{row.Case,-40} {row.TokensPerSecond,9:N0} {row.PlainTokensPerSecond,7:N0} {row.RatioToPlain,6:F2} "
                + $"{row.TunedTokensPerSecond,7:N0} {row.RatioToTuned,6:F2} {gflops,8:F0} {row.ShareOfPeak,8:P0}");
        }
        return rows;

        static double Reference(AttentionOnlyTransformer model, ContextSet contexts, Action<AttentionOnlyTransformer, Tensor> gradients)
        {
            using var scope = NewDisposeScope();
            var ids = BenchmarkModel.Ids(contexts, BenchmarkModel.Batch);
            var watch = Stopwatch.StartNew();
            gradients(model, ids);
            return BenchmarkModel.Batch * contexts.ContextLength / watch.Elapsed.TotalSeconds;
        }
    }

    private static string[] HeadsOf(int layer) => [.. Enumerable.Range(0, 8).Select(h => $"l{layer}h{h}")];

    /// <summary>Whole sampler steps: losses, gradients, noise and update of every chain of every
    /// component.</summary>
    private double LockStep(LockStepEngine engine, string[] components, int seed)
    {
        var options = new SgldOptions
        {
            Chains = BenchmarkModel.Chains, Draws = Steps, BurnIn = 0, BatchSize = BenchmarkModel.Batch, Seed = seed + 2,
        };
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
