using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Benchmarks;

/// <summary>What the ML.NET layer adds to a sweep: the same heads of the same checkpoints sampled
/// and estimated through <c>mlContext.Rllc</c> and by Core alone, interleaved in one process; both
/// read the checkpoints from disk.</summary>
internal static class OverheadBenchmark
{
    private const int Checkpoints = 3;

    /// <summary>Processor seconds, medians.</summary>
    /// <param name="Layered">Through <c>mlContext.Rllc</c>.</param>
    /// <param name="Core">By Core alone.</param>
    /// <param name="Overhead">Median of the pairs: how much more the first takes, as a share.</param>
    /// <param name="LargestDifference">Of an rLLC between both.</param>
    public sealed record Result(double Layered, double Core, double Overhead, double LargestDifference);

    public static Result Run(int repeats)
    {
        // The quickstart's model: overhead weighs most where sampling is cheap.
        var config = new TransformerConfig
        {
            VocabularySize = 2048,
            ContextLength = 128,
            Layers = 2,
            Heads = 4,
            ModelWidth = 64,
            HeadWidth = 16,
        };
        var options = new SgldOptions { Chains = 4, Draws = 20, BurnIn = 0, BatchSize = 8 };
        var contexts = BenchmarkModel.RandomContexts(config, 256);
        var folder = Directory.CreateTempSubdirectory("rllc-benchmark").FullName;
        try
        {
            for (var step = 0; step < Checkpoints; step++)
            {
                using var model = new AttentionOnlyTransformer(config, seed: step);
                Checkpoint.Save(PathOf(folder, step), config, model.ToWeights());
            }
            var ml = new MLContext(1);
            var rows = Enumerable.Range(0, contexts.Count).Select(i => new Row { Tokens = contexts[i].ToArray() });
            var table = ml.Data.LoadFromEnumerable(
                rows, SchemaDefinition.Create(typeof(Row)).Sized(config.ContextLength));
            var (layered, core) = (new List<double>(), new List<double>());
            double difference = 0;
            for (var i = -1; i < repeats; i++) // the first warms both up
            {
                var (byLayer, seconds) = Layered(ml, folder, table, options);
                var (byCore, coreSeconds) = Core(folder, contexts, options);
                difference = Math.Max(difference, byLayer.Zip(byCore).Max(p => Math.Abs(p.First - p.Second)));
                if (i < 0) continue;
                layered.Add(seconds);
                core.Add(coreSeconds);
            }
            var (mine, theirs) = (Machine.Median(layered), Machine.Median(core));
            var paired = Machine.Median(layered.Zip(core, (l, c) => l / c - 1));
            Console.WriteLine($"{Checkpoints} checkpoints x {config.Layers * config.Heads} heads, "
                + $"{options.Chains} chains x {options.Draws} draws; {repeats} repeats, processor seconds");
            Console.WriteLine($"mlContext.Rllc {mine:F3}   Core {theirs:F3}   "
                + $"overhead of the medians {mine / theirs - 1:P2}   median of the pairs {paired:P2}");
            Console.WriteLine($"largest difference of an rLLC: {difference:g3}");
            return new(mine, theirs, paired, difference);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (double[] Rllcs, double Seconds) Layered(
        MLContext ml, string folder, IDataView contexts, SgldOptions options)
    {
        var before = Machine.CpuSeconds();
        var grid = ml.Rllc.EstimationGrid(
            ml.Rllc.LoadCheckpoints(folder), components: ["heads"], datasets: ["random"]);
        var study = ml.Rllc.SampleSgld(new Dictionary<string, IDataView> { ["random"] = contexts }, options).Append(ml.Rllc.EstimateRllc());
        double[] rllcs = [.. study.Fit(grid).Transform(grid).GetColumn<double>("Rllc")];
        return (rllcs, Machine.CpuSeconds() - before);
    }

    private static (double[] Rllcs, double Seconds) Core(
        string folder, ContextSet contexts, SgldOptions options)
    {
        var before = Machine.CpuSeconds();
        var rllcs = new List<double>();
        for (var step = 0; step < Checkpoints; step++)
        {
            var (config, weights) = Checkpoint.Load(PathOf(folder, step));
            var traces = new SgldSampler(config, weights, contexts).Sample([.. Component.Expand("heads", config)], options);
            rllcs.AddRange(traces.Select(t => RllcEstimation.Estimate(t, new()).Rllc));
        }
        return ([.. rllcs], Machine.CpuSeconds() - before);
    }

    private static SchemaDefinition Sized(this SchemaDefinition schema, int length)
    {
        schema[nameof(Row.Tokens)].ColumnType = new VectorDataViewType(NumberDataViewType.Int32, length);
        return schema;
    }

    private static string PathOf(string folder, int step) => Path.Combine(folder, $"step_{step}.safetensors");

    private sealed class Row
    {
        public int[] Tokens { get; set; } = [];
    }
}
