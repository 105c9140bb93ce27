using System.Numerics.Tensors;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Model;
using MlNetRllc.Tests.Core.Sampling;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Core.Training;

/// <summary>The gradient that a training follows, against libtorch's autograd and against itself on other threads.</summary>
public sealed class WholeModelGradientTests
{
    public static TheoryData<string, TransformerConfig> Shapes { get; } = new()
    {
        { "plain", new() { VocabularySize = 203, ContextLength = 37, Layers = 2, Heads = 3, ModelWidth = 40, HeadWidth = 12 } },
        { "without biases", new()
            {
                VocabularySize = 50, ContextLength = 20, Layers = 3, Heads = 2, ModelWidth = 16, HeadWidth = 8,
                AttentionBiases = false, UnembeddingBias = false,
            } },
        { "odd", new() { VocabularySize = 3, ContextLength = 5, Layers = 2, Heads = 3, ModelWidth = 7, HeadWidth = 1 } },
        { "two tokens", new() { VocabularySize = 17, ContextLength = 2, Layers = 1, Heads = 1, ModelWidth = 1, HeadWidth = 3 } },
        { "wide", new() { VocabularySize = 5_000, ContextLength = 9, Layers = 1, Heads = 2, ModelWidth = 160, HeadWidth = 20 } },
        { "MLPs", new()
            {
                VocabularySize = 60, ContextLength = 20, Layers = 2, Heads = 2, ModelWidth = 24, HeadWidth = 8, MlpWidth = 277,
            } },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Gradient_IsAutograds(string _, TransformerConfig config)
    {
        var (weights, contexts) = (TinyModels.Weights(config, 1), TinyModels.Contexts(config, 6, 5));
        int[] batch = [4, 0, 5, 1];
        var (expectedLoss, expected) = Autograd(config, weights, contexts, batch);
        using var engine = new WholeModelGradient(config, config.ContextLength, batch.Length);

        var (loss, gradients) = Compute(engine, weights, contexts, batch);

        Assert.Equal(expectedLoss, loss, 2e-5 * expectedLoss);
        foreach (var (weight, own, theirs) in weights.Zip(gradients, expected))
        {
            // The bias of the keys has no effect on the loss: its gradient is rounding.
            var allowed = 1e-4f * TensorPrimitives.Norm<float>(theirs) + 2e-6f;
            var difference = TensorPrimitives.Distance<float>(own, theirs);
            Assert.True(difference <= allowed, $"{weight.Name}: {difference:g3} > {allowed:g3}");
        }
    }

    [Fact]
    public void MeanLoss_IsTheLossOfTheGradient()
    {
        var (config, weights, contexts) = Plain();
        using var engine = new WholeModelGradient(config, config.ContextLength, 4);
        Assert.Equal(Compute(engine, weights, contexts, [0, 1, 2, 3]).Loss, engine.MeanLoss(Values(weights), contexts, [0, 1, 2, 3]), 1e-5);
    }

    /// <summary>A training's validation may have shorter contexts, and one engine serves both.</summary>
    [Fact]
    public void ShorterContexts_HaveTheLossOfAnEngineOfTheirOwn()
    {
        var (config, weights, contexts) = Plain();
        var shorter = new ContextSet("shorter", contexts[0][..10].ToArray(), 10);
        using var longer = new WholeModelGradient(config, config.ContextLength, 4);
        using var own = new WholeModelGradient(config, 10, 1);
        Compute(longer, weights, contexts, [0, 1, 2, 3]);
        Assert.Equal(own.MeanLoss(Values(weights), shorter, [0]), longer.MeanLoss(Values(weights), shorter, [0]));
    }

    /// <summary>Nothing is learned from a validation, however long its contexts are.</summary>
    [Theory, InlineData(1), InlineData(31), InlineData(64)]
    public void LongerContextsBeside_LeaveTheBitsOfTheGradient(int batch)
    {
        var (config, weights, contexts) = Plain(contexts: 64);
        var longer = config with { ContextLength = 200 };
        var (shape, wide) = (TinyModels.Weights(longer, 1), Enumerable.Range(0, batch).ToArray());
        using var alone = new WholeModelGradient(longer, config.ContextLength, batch);
        using var beside = new WholeModelGradient(longer, config.ContextLength, batch, longest: 200);
        Assert.Equal(Compute(alone, shape, contexts, wide).Gradients, Compute(beside, shape, contexts, wide).Gradients);
    }

    /// <summary>A LayerNorm over one value is its bias, so the loss does not depend on the text before.</summary>
    [Fact]
    public void ModelOfWidthOneWithASmallEpsilon_HasAutogradsLoss()
    {
        var config = new TransformerConfig
        {
            VocabularySize = 97, ContextLength = 6, Layers = 1, Heads = 2, ModelWidth = 1, HeadWidth = 3, MlpWidth = 20,
            LayerNormEpsilon = 1e-12,
        };
        var (weights, contexts) = (TinyModels.Weights(config, 1), TinyModels.Contexts(config, 4, 5));
        using var engine = new WholeModelGradient(config, 6, 4);
        var (expected, _) = Autograd(config, weights, contexts, [0, 1, 2, 3]);
        Assert.Equal(expected, Compute(engine, weights, contexts, [0, 1, 2, 3]).Loss, 1e-5 * expected);
    }

    [Theory, InlineData(2), InlineData(3), InlineData(8)]
    public void MoreThreads_GiveTheSameBits(int threads)
    {
        var (config, weights, contexts) = Plain(contexts: 64);
        int[] batch = [.. Enumerable.Range(0, 64)];
        using var one = new WholeModelGradient(config, config.ContextLength, 64, threads: 1);
        using var many = new WholeModelGradient(config, config.ContextLength, 64, threads: threads);
        var (expected, got) = (Compute(one, weights, contexts, batch), Compute(many, weights, contexts, batch));
        Assert.Equal(expected.Loss, got.Loss);
        Assert.Equal(expected.Gradients, got.Gradients);
    }

    [Fact]
    public void SecondBatch_OwesNothingToTheFirst()
    {
        var (config, weights, contexts) = Plain();
        using var used = new WholeModelGradient(config, config.ContextLength, 2);
        using var fresh = new WholeModelGradient(config, config.ContextLength, 2);
        Compute(used, weights, contexts, [0, 1]);
        Assert.Equal(Compute(fresh, weights, contexts, [2, 3]).Gradients, Compute(used, weights, contexts, [2, 3]).Gradients);
    }

    /// <summary>Logits far from the uniform prediction's leave the quick way.</summary>
    [Fact]
    public void LogitsBeyondFloatExponentials_GiveAutogradsLoss()
    {
        var (config, weights, contexts) = Plain();
        var bias = weights[WeightNames.UnembedBias].Values;
        (bias[3], bias[5]) = (500, -300);
        using var engine = new WholeModelGradient(config, config.ContextLength, 4);
        var (expected, _) = Autograd(config, weights, contexts, [0, 1, 2, 3]);
        var (loss, gradients) = Compute(engine, weights, contexts, [0, 1, 2, 3]);
        Assert.Equal(expected, loss, 1e-5 * expected);
        Assert.All(gradients, gradient => Assert.All(gradient, g => Assert.True(float.IsFinite(g))));
    }

    /// <summary>How sums round depends on it: another number is another version of the training.</summary>
    [Theory, InlineData(16, 128, 4), InlineData(1, 128, 1), InlineData(100, 2, 1), InlineData(64, 256, 16), InlineData(3, 4_096, 2)]
    public void Shards_DependOnTheMinibatchAlone(int batch, int contextLength, int expected) =>
        Assert.Equal(expected, WholeModelGradient.ShardsOf(Plain().Config, contextLength, batch));

    [Fact]
    public void ManyWeights_HaveFewerShards()
    {
        var large = new TransformerConfig
        {
            VocabularySize = 50_257, ContextLength = 1_024, Layers = 12, Heads = 12, ModelWidth = 768, HeadWidth = 64,
        };
        Assert.Equal(4, WholeModelGradient.ShardsOf(large, 1_024, 32));
    }

    private static (TransformerConfig Config, WeightSet Weights, ContextSet Contexts) Plain(int contexts = 6)
    {
        var config = new TransformerConfig
        {
            VocabularySize = 203, ContextLength = 37, Layers = 2, Heads = 3, ModelWidth = 40, HeadWidth = 12,
        };
        return (config, TinyModels.Weights(config, 1), TinyModels.Contexts(config, contexts, 5));
    }

    private static (double Loss, float[][] Gradients) Compute(
        WholeModelGradient engine, WeightSet weights, ContextSet contexts, int[] batch)
    {
        float[][] gradients = [.. weights.Select(w => Enumerable.Repeat(float.NaN, w.Values.Length).ToArray())];
        return (engine.Compute(Values(weights), contexts, batch, gradients), gradients);
    }

    private static float[][] Values(WeightSet weights) => [.. weights.Select(w => w.Values)];

    private static (double Loss, float[][] Gradients) Autograd(
        TransformerConfig config, WeightSet weights, ContextSet contexts, int[] batch)
    {
        using var scope = NewDisposeScope();
        using var model = new AttentionOnlyTransformer(config, ScalarType.Float64);
        model.Load(weights);
        long[] tokens = [.. batch.SelectMany(row => contexts[row].ToArray()).Select(t => (long)t)];
        var loss = model.PerTokenLoss(tensor(tokens).view(batch.Length, -1)).mean();
        loss.backward();
        return (loss.item<double>(), [.. model.Weights.Select(w => w.Value.grad!.to(ScalarType.Float32).data<float>().ToArray())]);
    }
}
