using System.Diagnostics;
using System.Text.Json;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.LockStep;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Benchmarks;

/// <summary>Tokens a second of the lock-step engine beside a plain forward and backward pass by autograd, interleaved in one process.</summary>
internal sealed class SamplingBenchmark(int repeats, int threads)
{
    private static readonly JsonSerializerOptions Indented = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };
    private const int Batch = 8, Chains = 4, Steps = 2;

    private static readonly TransformerConfig Config = new() { VocabularySize = 5000, ContextLength = 256, Layers = 2, Heads = 8, ModelWidth = 256, HeadWidth = 32 };

    private static readonly (string Case, string[] Components)[] Cases =
    [
        ("last-layer heads", [.. Enumerable.Range(0, 8).Select(h => $"l1h{h}")]),
        ("first-layer heads", [.. Enumerable.Range(0, 8).Select(h => $"l0h{h}")]),
        ("whole model", ["full"]),
    ];

    /// <summary>One line of the table.</summary>
    public sealed record Row(string Case, double TokensPerSecond, double ReferenceTokensPerSecond, double Ratio);

    public IReadOnlyList<Row> Run()
    {
        set_num_threads(threads);
        using var model = new AttentionOnlyTransformer(Config);
        var weights = model.ToWeights();
        var contexts = Contexts();
        var rows = new List<Row>();
        ProductPrecision[] precisions = MlNetRllc.Core.Sampling.LockStep.BFloat16.IsSupported ? [ProductPrecision.Float32, ProductPrecision.BFloat16] : [ProductPrecision.Float32];
        foreach (var (label, components) in Cases)
        foreach (var precision in precisions)
        {
            var name = precision == ProductPrecision.Float32 ? label : $"{label}, bfloat16";
            using var engine = new LockStepEngine(Config, weights, [.. components.Select(c => Component.Parse(c, Config))], contexts, threads: threads, precision: precision);
            var (own, reference) = (new List<double>(), new List<double>());
            for (var i = -1; i < repeats; i++)
            {
                var (ours, plain) = (LockStep(engine, components, i), Plain(model, contexts));
                if (i < 0) continue; // warm-up
                own.Add(ours);
                reference.Add(plain);
            }
            var (mine, theirs) = (Median(own), Median(reference));
            rows.Add(new(name, mine, theirs, mine / theirs));
            Console.WriteLine($"{name,-30} {mine,12:N0} {theirs,12:N0} {mine / theirs,8:F2}");
        }
        return rows;
    }

    public static void Write(IReadOnlyList<Row> rows, string path) =>
        File.WriteAllText(path, JsonSerializer.Serialize(rows, Indented));

    /// <summary>Whole sampler steps: losses, gradients, noise and update of every chain of every component.</summary>
    private static double LockStep(LockStepEngine engine, string[] components, int seed)
    {
        var options = new SgldOptions { Chains = Chains, Draws = Steps, BatchSize = Batch, Seed = seed + 2 };
        var run = new LockStepRun<float>(engine, [.. components.Select(c => new SampledComponent(c, c))],
            new MinibatchSchedule(NamedRandom.Of(seed, "benchmark"), engine.RowCount, Batch), options);
        var watch = Stopwatch.StartNew();
        run.Run();
        return (double)components.Length * Chains * Steps * Batch * Config.ContextLength / watch.Elapsed.TotalSeconds;
    }

    /// <summary>What a chain costs with autograd: logits, cross-entropy and all gradients; no update, no noise.</summary>
    private static double Plain(AttentionOnlyTransformer model, ContextSet contexts)
    {
        using var scope = NewDisposeScope();
        var ids = tensor(Enumerable.Range(0, Batch).SelectMany(i => contexts[i].ToArray()).Select(t => (long)t).ToArray(), [Batch, Config.ContextLength]);
        var watch = Stopwatch.StartNew();
        foreach (var parameter in model.parameters()) parameter.grad = null;
        var logits = model.forward(ids).narrow(1, 0, Config.ContextLength - 1).reshape(-1, Config.VocabularySize);
        nn.functional.cross_entropy(logits, ids.narrow(1, 1, Config.ContextLength - 1).reshape(-1)).backward();
        return Batch * Config.ContextLength / watch.Elapsed.TotalSeconds;
    }

    private static ContextSet Contexts()
    {
        var random = NamedRandom.Of("benchmark tokens");
        return new("random", Enumerable.Range(0, 64 * Config.ContextLength).Select(i => random.Integer(Config.VocabularySize, 0, (ulong)i)).ToArray(), Config.ContextLength);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
