using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Tests;

/// <summary>A study small enough for a unit test: a model of four heads at two checkpoints, two datasets.</summary>
public sealed class TinyStudy : IDisposable
{
    public static readonly TransformerConfig Config = new() { VocabularySize = 16, ContextLength = 8, Layers = 2, Heads = 2, ModelWidth = 8, HeadWidth = 4 };

    public static readonly SgldOptions Options = new() { Chains = 2, Draws = 5, BatchSize = 4, Seed = 3 };

    public TinyStudy()
    {
        for (var step = 0; step < 2; step++)
        {
            using var model = new AttentionOnlyTransformer(Config, seed: step);
            Checkpoint.Save(PathOf(step), Config, model.ToWeights());
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("mlnetrllc-test-").FullName;

    public string PathOf(int step) => Path.Combine(Folder, $"step_{step}.safetensors");

    public static IDataView Contexts(MLContext ml, int seed, int count = 12, int vocabulary = 16)
    {
        var state = (uint)seed;
        int Next() => (int)((state = state * 1664525 + 1013904223) >> 16) % vocabulary;
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new ContextRow
        {
            Tokens = [.. Enumerable.Range(0, Config.ContextLength).Select(_ => Next())],
            Split = i % 4 == 3 ? "validation" : "train",
        }).ToList());
    }

    public static Dictionary<string, IDataView> Datasets(MLContext ml) => new() { ["docs"] = Contexts(ml, 1), ["code"] = Contexts(ml, 2) };

    public IDataView Checkpoints(MLContext ml) => ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, 2).Select(step => new CheckpointRow { Step = step, Checkpoint = PathOf(step) }).ToList());

    public IDataView Grid(MLContext ml) => ml.Rllc.EstimationGrid(Checkpoints(ml), components: ["heads"], datasets: ["docs", "code"]);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private sealed class ContextRow
    {
        [VectorType(8)]
        public int[] Tokens { get; set; } = [];

        public string Split { get; set; } = "";
    }

    private sealed class CheckpointRow
    {
        public int Step { get; set; }

        public string Checkpoint { get; set; } = "";
    }
}
