using Microsoft.ML;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Benchmarks;

/// <summary>The model that the figures are about, and data for it.</summary>
internal static class BenchmarkModel
{
    public const int Batch = 8, Chains = 4;

    public static TransformerConfig Config { get; } = new()
    {
        VocabularySize = 5000,
        ContextLength = 256,
        Layers = 2,
        Heads = 8,
        ModelWidth = 256,
        HeadWidth = 32,
    };

    /// <summary>The same with an MLP in each block, four times as wide as the stream.</summary>
    public static TransformerConfig WithMlp { get; } = Config with { MlpWidth = 4 * Config.ModelWidth };

    /// <summary>Random tokens: speed does not depend on what they are.</summary>
    public static ContextSet RandomContexts(TransformerConfig config, int count = 64)
    {
        var random = NamedRandom.Stream("benchmark tokens");
        int Token(int i) => random.Integer(config.VocabularySize, 0, (ulong)i);
        var tokens = Enumerable.Range(0, count * config.ContextLength).Select(Token).ToArray();
        return new("random", tokens, config.ContextLength);
    }

    /// <summary>English prose in this model's contexts.</summary>
    public static ContextSet Prose(TransformerConfig config)
    {
        var ml = new MLContext(1);
        var text = ml.Rllc.LoadText("dotnet-docs").View;
        var contexts = ml.Rllc.TokenizeText("Tokens", "Text", config.VocabularySize, config.ContextLength).Fit(text).Transform(text);
        return Foundation.ContextTables.Read(contexts, "docs");
    }

    /// <summary>A briefly trained model: variances of rLLCs mean little at random weights.</summary>
    public static WeightSet Trained(TransformerConfig config, ContextSet contexts, int steps)
    {
        var folder = Directory.CreateTempSubdirectory("rllc-benchmark").FullName;
        try
        {
            var options = new TrainingOptions
            {
                Steps = steps,
                BatchSize = 16,
                LearningRate = 2e-3,
                Checkpoints = CheckpointSchedule.Linear(steps),
            };
            return new LanguageModelTrainer(config, options).Train(contexts, null, folder).Weights;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a chain's step costs with autograd: logits, cross-entropy and all gradients.</summary>
    public static void PlainGradients(AttentionOnlyTransformer model, Tensor ids)
    {
        var pos = ids.shape[1];
        foreach (var parameter in model.parameters()) parameter.grad = null;
        var logits = model.forward(ids).narrow(1, 0, pos - 1).reshape(-1, model.Config.VocabularySize);
        nn.functional.cross_entropy(logits, ids.narrow(1, 1, pos - 1).reshape(-1)).backward();
    }

    /// <summary>The same gradients as one would write them for speed: logits exist for some rows at a time, and each part's
    /// gradient is taken before the next is formed, so that they stay in the cache.</summary>
    public static void TunedGradients(AttentionOnlyTransformer model, Tensor ids)
    {
        const int rowsAtOnce = 512;
        var pos = ids.shape[1];
        foreach (var parameter in model.parameters()) parameter.grad = null;
        var weights = model.Weights.ToDictionary(w => w.Name, w => w.Value);
        var final = model.FinalResidual(ids.narrow(1, 0, pos - 1)); // [batch * (pos - 1), d_model]
        var targets = ids.narrow(1, 1, pos - 1).reshape(-1);
        var read = final.detach().requires_grad_();
        for (long row = 0; row < targets.shape[0]; row += rowsAtOnce)
        {
            using var part = NewDisposeScope();
            var rows = Math.Min(rowsAtOnce, targets.shape[0] - row);
            var x = read.narrow(0, row, rows);
            var logits = addmm(weights[WeightNames.UnembedBias], x, weights[WeightNames.Unembed], 1, 1);
            var loss = nn.functional.cross_entropy(logits, targets.narrow(0, row, rows), reduction: nn.Reduction.Sum);
            (loss / targets.shape[0]).backward();
        }
        final.backward([read.grad!]);
    }

    public static Tensor Ids(ContextSet contexts, int batch)
    {
        long[] tokens = [.. Enumerable.Range(0, batch).SelectMany(i => contexts[i].ToArray()).Select(t => (long)t)];
        return tensor(tokens, [batch, contexts.ContextLength]);
    }
}
