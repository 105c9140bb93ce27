using System.Globalization;
using System.Text.Json;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Benchmarks;

/// <summary>A study of two small texts and a model that trains in moments, in a folder: what is
/// measured is what grows around it.</summary>
internal sealed class GrowthStudy
{
    private const string Trained = "train: { contexts: contexts, layers: 2, heads: 2, modelWidth: 16, headWidth: 8, "
        + "steps: 20, batchSize: 8, learningRate: 3e-3, checkpoints: { logarithmic: 0, every: 10 } }";

    private static readonly string[] Words =
        "the tensor model head layer value returns a new instance of type string when array is null or empty".Split(' ');

    private readonly string folder;

    private GrowthStudy(string folder, int combinations, string model, int vocabulary)
    {
        this.folder = folder;
        foreach (var dataset in (string[])["docs", "code"]) File.WriteAllLines(At($"{dataset}.jsonl"), Documents(dataset));
        var discarded = Enumerable.Range(0, combinations)
            .Select(i => (0.1 + i / 2000.0).ToString("F4", CultureInfo.InvariantCulture));
        File.WriteAllText(Pipeline, $$"""
            version: 1
            name: growth
            seed: 1
            matrix:
              rllc.discardFraction: [{{string.Join(", ", discarded)}}]
            datasets: { docs: docs.jsonl, code: code.jsonl }
            steps:
              contexts:
                tokenize: { text: docs, vocabularySize: {{vocabulary}}, contextLength: 16 }
              model:
                {{model}}
              traces:
                sample: { model: model, components: [heads], datasets: [docs, code], chains: 2, draws: 8, burnIn: 0, batchSize: 4 }
              rllc:
                estimate: { traces: traces }
            """);
    }

    /// <summary>The study's file.</summary>
    public string Pipeline => At("growth.yaml");

    /// <summary>The folder of its runs.</summary>
    public string Runs => At("runs");

    /// <summary>A study whose combinations share their text, their model and its traces.</summary>
    public static GrowthStudy WithCombinations(string folder, int combinations) => new(folder, combinations, Trained, vocabulary: 300);

    /// <summary>As <see cref="WithCombinations"/>, with 64,000 rows each.</summary>
    public static GrowthStudy WithManyRows(string folder, int combinations) => new(folder, combinations,
        Trained.Replace("layers: 2, heads: 2", "layers: 4, heads: 16", StringComparison.Ordinal)
            .Replace("steps: 20", "steps: 499", StringComparison.Ordinal)
            .Replace("every: 10", "every: 1", StringComparison.Ordinal), vocabulary: 300);

    /// <summary>A study of 40 checkpoints of 7 MB that were trained elsewhere, which every combination uses.</summary>
    public static GrowthStudy WithCheckpoints(string folder, int combinations)
    {
        var config = new TransformerConfig
        {
            VocabularySize = 2000,
            ContextLength = 16,
            Layers = 3,
            Heads = 8,
            ModelWidth = 256,
            HeadWidth = 32,
        };
        using var model = new AttentionOnlyTransformer(config);
        var (weights, checkpoints) = (model.ToWeights(), Directory.CreateDirectory(Path.Combine(folder, "checkpoints")).FullName);
        for (var step = 0; step < 40; step++)
        {
            Checkpoint.Save(Path.Combine(checkpoints, $"step_{step}.safetensors"), config, weights,
                new Dictionary<string, string> { [Checkpoint.StepKey] = $"{step}" });
        }
        return new(folder, combinations, "checkpoints: { folder: checkpoints, contexts: contexts }", config.VocabularySize);
    }

    private string At(string name) => Path.Combine(folder, name);

    private static IEnumerable<string> Documents(string dataset)
    {
        var random = NamedRandom.Stream(dataset);
        const int length = 120;
        string Word(int i) => Words[random.Integer(Words.Length, 0, (ulong)i)];
        for (var document = 0; document < 60; document++)
        {
            var first = document * length;
            yield return JsonSerializer.Serialize(new { text = string.Join(' ', Enumerable.Range(first, length).Select(Word)) });
        }
    }
}
