using System.Diagnostics;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Benchmarks;

/// <summary>A training step beside a plain eager one (whole logits, cross-entropy, backward,
/// AdamW), interleaved in one process.</summary>
internal static class TrainingBenchmark
{
    private static readonly (string Name, TransformerConfig Config, int Batch)[] Sizes =
    [
        ("quickstart", new() { VocabularySize = 2048, ContextLength = 128, Layers = 2, Heads = 4, ModelWidth = 64, HeadWidth = 16 }, 16),
        ("sampling figures", BenchmarkModel.Config, BenchmarkModel.Batch),
    ];

    /// <summary>Milliseconds a step, medians.</summary>
    public sealed record Row(string Model, double Milliseconds, double PlainMilliseconds)
    {
        public double Ratio => PlainMilliseconds / Milliseconds;
    }

    public static IReadOnlyList<Row> Run(int repeats)
    {
        var rows = new List<Row>();
        Console.WriteLine($"{"model",-18} {"ms a step",10} {"plain",10} {"ratio",7}");
        foreach (var (name, config, batch) in Sizes)
        {
            var contexts = BenchmarkModel.RandomContexts(config, 256);
            var (own, plain) = (new List<double>(), new List<double>());
            for (var i = 0; i < repeats; i++)
            {
                own.Add(Own(config, contexts, batch));
                plain.Add(Plain(config, contexts, batch));
            }
            var row = new Row(name, Machine.Median(own), Machine.Median(plain));
            rows.Add(row);
            Console.WriteLine($"{name,-18} {row.Milliseconds,10:F1} {row.PlainMilliseconds,10:F1} {row.Ratio,7:F2}");
        }
        return rows;
    }

    /// <summary>The difference of a long and a short training, so that start and checkpoints drop
    /// out.</summary>
    private static double Own(TransformerConfig config, ContextSet contexts, int batch)
    {
        double Train(int steps)
        {
            var folder = Directory.CreateTempSubdirectory("rllc-benchmark").FullName;
            var watch = Stopwatch.StartNew();
            var options = new TrainingOptions
            {
                Steps = steps,
                BatchSize = batch,
                Checkpoints = CheckpointSchedule.Linear(steps),
            };
            new LanguageModelTrainer(config, options).Train(contexts, null, folder);
            var time = watch.Elapsed.TotalMilliseconds;
            Directory.Delete(folder, recursive: true);
            return time;
        }
        var few = Train(5);
        return (Train(25) - few) / 20;
    }

    private static double Plain(TransformerConfig config, ContextSet contexts, int batch)
    {
        set_num_threads(Environment.ProcessorCount);
        using var model = new AttentionOnlyTransformer(config);
        using var optimizer = optim.AdamW(model.parameters(), 1e-3);
        var watch = new Stopwatch();
        for (var step = 0; step < 25; step++)
        {
            if (step == 5) watch.Start();
            using var scope = NewDisposeScope();
            BenchmarkModel.PlainGradients(model, BenchmarkModel.Ids(contexts, batch));
            nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
        }
        return watch.Elapsed.TotalMilliseconds / 20;
    }
}
