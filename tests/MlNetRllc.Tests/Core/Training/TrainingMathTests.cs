using System.Runtime.InteropServices;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Core.Training;

/// <summary>The hand-written parts of a step against libtorch's own.</summary>
public sealed class TrainingMathTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void BlockedGradient_EqualsAutogradOfWholeLogits(bool bias)
    {
        using var scope = NewDisposeScope();
        var config = new TransformerConfig
        {
            VocabularySize = 40_000,
            ContextLength = 20,
            Heads = 2,
            ModelWidth = 16,
            HeadWidth = 8,
            UnembeddingBias = bias,
        };
        using var model = new AttentionOnlyTransformer(
            config, seed: 2, initialization: new() { Unembedding = 0.5, Embedding = 0.5 });
        var weights = model.Weights.Select(w => w.Value).ToArray();
        var ids = (arange(60) * 7919).remainder(40_000).view(3, 20);

        var (sum, gradients) = BatchGradient.Compute(model, weights, ids, 3 * 19);
        var loss = model.PerTokenLoss(ids).mean();
        loss.backward();

        Assert.Equal(loss.item<float>(), sum / (3 * 19), 4);
        foreach (var ((name, weight), gradient) in model.Weights.Zip(gradients))
        {
            // The bias of the keys has no effect on the loss: its gradient is rounding.
            var allowed = 1e-5 * weight.grad!.norm().item<float>() + 1e-6;
            var difference = (gradient - weight.grad!).norm().item<float>();
            Assert.True(difference <= allowed, $"{name}: {difference:g3} > {allowed:g3}");
        }
    }

    /// <summary>The way of other devices, walked on the CPU: no device is needed to hold it to the
    /// other.</summary>
    [Fact]
    public void DeviceGradient_EqualsTheBlockedOne()
    {
        using var scope = NewDisposeScope();
        var config = new TransformerConfig { VocabularySize = 50, ContextLength = 12, Heads = 2, ModelWidth = 16, HeadWidth = 8 };
        using var model = new AttentionOnlyTransformer(config, seed: 2);
        using var elsewhere = new DeviceGradient(config, CPU);
        var weights = model.Weights.Select(w => w.Value).ToArray();
        var ids = (arange(36) * 7919).remainder(50).view(3, 12);
        var (expected, blocked) = BatchGradient.Compute(model, weights, ids, 3 * 11);
        var (sum, gradients) = elsewhere.Of(weights, ids, 3 * 11);
        Assert.Equal(expected, sum, 1e-4);
        float Norm(Tensor x) => x.norm().item<float>();
        Assert.All(
            blocked.Zip(gradients),
            pair => Assert.True(Norm(pair.First - pair.Second) <= 1e-5 * Norm(pair.First) + 1e-6));
        Assert.Equal(expected / (3 * 11), elsewhere.MeanLoss(weights, [ids]), 1e-6);
    }

    [Fact]
    public void AdamW_MovesAsLibtorchs()
    {
        using var scope = NewDisposeScope();
        var options = new TrainingOptions { LearningRate = 0.01, WeightDecay = 0.3, Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6 };
        var own = Enumerable.Range(0, 37).Select(i => MathF.Sin(i)).ToArray();
        using var theirs = new TorchSharp.Modules.Parameter(tensor(own));
        using var reference = optim.AdamW([theirs], 0.01, 0.8, 0.95, 1e-6, 0.3);
        var optimiser = new AdamW(options, [own.Length]);
        for (var step = 0; step < 20; step++)
        {
            var gradient = Enumerable.Range(0, own.Length).Select(i => MathF.Cos(i * (step + 1))).ToArray();
            optimiser.Update(0, own, gradient, 0.5f, step);
            theirs.grad = tensor(gradient) * 0.5f;
            reference.step();
        }
        Assert.All(
            own.Zip(theirs.detach().data<float>().ToArray()),
            pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    [Theory, InlineData(4.0, 1.0, 0.5), InlineData(0.25, 1.0, 1.0), InlineData(4.0, 0.0, 1.0)]
    public void ClipFactor_BringsNormToLimit(double squaredNorm, double limit, double expected) =>
        Assert.Equal(expected, AdamW.ClipFactor(squaredNorm, limit), 1e-5);

    [Fact]
    public void LogitsBeyondFloatExponentials_GiveFiniteLossAndGradient()
    {
        float[] logits = [300, -300, 0, 500, 0, 0];
        var loss = CrossEntropyRows.ToGradient(logits, [1, 0], 1);
        Assert.Equal(600, loss, 1e-3);
        Assert.Equal([1, -1, 0, 0, 0, 0], logits);
    }

    [Fact]
    public void WarmupCosine_RisesThenFallsToItsEnd()
    {
        var options = new TrainingOptions
        {
            Steps = 100,
            WarmupSteps = 10,
            LearningRate = 2,
            Schedule = LearningRateSchedule.WarmupCosine,
            FinalLearningRate = 0.1,
        };
        Assert.Equal(0.2, options.LearningRateAt(0), 12);
        Assert.Equal(2, options.LearningRateAt(9), 12);
        Assert.Equal(0.2, options.LearningRateAt(99), 12);
    }

    [Fact]
    public void WarmupStableDecay_RisesHoldsAndFallsLinearly()
    {
        var options = new TrainingOptions
        {
            Steps = 100,
            LearningRate = 2,
            Schedule = LearningRateSchedule.WarmupStableDecay,
            WarmupSteps = 10,
            DecayShare = 0.2,
            FinalLearningRate = 0.1,
        };
        Assert.Equal(0.2, options.LearningRateAt(0), 12);
        Assert.All(Enumerable.Range(9, 72), step => Assert.Equal(2, options.LearningRateAt(step), 12));
        Assert.Equal(2 * (0.1 + 0.9 * 0.5), options.LearningRateAt(90), 12);
        Assert.Equal(2 * (0.1 + 0.9 * 0.05), options.LearningRateAt(99), 12);
    }

    [Fact]
    public void EachEpoch_MeetsEveryContextOnce_InAnotherOrder()
    {
        var order = new ContextOrder(seed: 1, count: 10, batchSize: 4);
        int[] met = [.. Enumerable.Range(0, 5).SelectMany(step => order.BatchAt(step))];
        Assert.Equal(Enumerable.Range(0, 10), met[..10].Order());
        Assert.Equal(Enumerable.Range(0, 10), met[10..].Order());
        Assert.NotEqual(met[..10], met[10..]);
        Assert.Equal(met[4..8], order.BatchAt(1));
    }
}
