using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Testing;

/// <summary>A study small enough for a unit test, the same on every machine: a model of four heads at two
/// checkpoints, two datasets of a dozen contexts, and sampling in milliseconds. Nothing is trained or
/// downloaded.</summary>
/// <remarks>Its numbers mean nothing: the weights are fresh ones. For rows of which the right answer is known
/// see <see cref="KnownTraces"/>. The checkpoints lie in a temporary folder that <see cref="Dispose"/>
/// deletes.</remarks>
public sealed class TinyStudy : IDisposable
{
    /// <summary>The model: 2 layers of 2 heads, 16 tokens, contexts of 8.</summary>
    public static TransformerConfig Config { get; } = new()
    {
        VocabularySize = 16, ContextLength = 8, Layers = 2, Heads = 2, ModelWidth = 8, HeadWidth = 4,
    };

    /// <summary>2 chains of 5 draws.</summary>
    public static SgldOptions Options { get; } = new() { Chains = 2, Draws = 5, BurnIn = 0, BatchSize = 4, Seed = 3 };

    /// <summary>Writes the two checkpoints, steps 0 and 1.</summary>
    public TinyStudy()
    {
        for (var step = 0; step < 2; step++) Checkpoint.Save(PathOf(step), Config, Weights(step));
    }

    /// <summary>The temporary folder of the checkpoints; a test may put files of its own there.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("mlnetrllc-test-").FullName;

    /// <summary>Path of a checkpoint.</summary>
    /// <param name="step">0 or 1.</param>
    public string PathOf(int step) => Path.Combine(Folder, $"step_{step}.safetensors");

    /// <summary>Weights of <see cref="Config"/> that follow from the seed alone.</summary>
    public static WeightSet Weights(int seed)
    {
        using var model = new AttentionOnlyTransformer(Config, seed: seed);
        return model.ToWeights();
    }

    /// <summary>Contexts that follow from the seed alone: <c>Tokens</c> (vector of Int32 [8]) and <c>Split</c>
    /// (Text, one row in four is <c>validation</c>).</summary>
    /// <param name="ml">The context.</param>
    /// <param name="seed">Chooses the tokens.</param>
    /// <param name="count">Rows.</param>
    /// <param name="vocabulary">Tokens are below this.</param>
    public static IDataView Contexts(MLContext ml, int seed, int count = 12, int vocabulary = 16)
    {
        ArgumentNullException.ThrowIfNull(ml);
        var state = (uint)seed;
        int Next() => (int)((state = state * 1664525 + 1013904223) >> 16) % vocabulary;
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new ContextRow
        {
            Tokens = [.. Enumerable.Range(0, Config.ContextLength).Select(_ => Next())],
            Split = i % 4 == 3 ? "validation" : "train",
        }).ToList());
    }

    /// <summary>Two datasets, <c>docs</c> and <c>code</c>, to give to <see cref="RllcCatalog.SampleSgld"/>.</summary>
    public static Dictionary<string, IDataView> Datasets(MLContext ml) => new() { ["docs"] = Contexts(ml, 1), ["code"] = Contexts(ml, 2) };

    /// <summary>The checkpoints as a table: <c>Step</c>, <c>Checkpoint</c>.</summary>
    public IDataView Checkpoints(MLContext ml)
    {
        ArgumentNullException.ThrowIfNull(ml);
        var rows = Enumerable.Range(0, 2).Select(step => new TinyCheckpoint { Step = step, Checkpoint = PathOf(step) });
        return ml.Data.LoadFromEnumerable(rows.ToList());
    }

    /// <summary>The grid of every checkpoint, head and dataset: 16 rows.</summary>
    public IDataView Grid(MLContext ml)
    {
        ArgumentNullException.ThrowIfNull(ml);
        return ml.Rllc.EstimationGrid(Checkpoints(ml), components: ["heads"], datasets: ["docs", "code"]);
    }

    /// <summary>Deletes the folder.</summary>
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private sealed class ContextRow
    {
        [VectorType(8)]
        public int[] Tokens { get; set; } = [];

        public string Split { get; set; } = "";
    }

    private sealed class TinyCheckpoint
    {
        public int Step { get; set; }

        public string Checkpoint { get; set; } = "";
    }
}
