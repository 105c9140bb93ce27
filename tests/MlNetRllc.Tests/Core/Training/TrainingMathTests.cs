using System.Numerics.Tensors;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Training;
using MlNetRllc.Tests.Core.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Core.Training;

/// <summary>The hand-written parts of a step against libtorch's own.</summary>
public sealed class TrainingMathTests
{
    /// <summary>The way of other devices, walked on the CPU: no device is needed to hold it to the
    /// other.</summary>
    [Fact]
    public void DeviceGradient_EqualsTheEngines()
    {
        var config = new TransformerConfig { VocabularySize = 50, ContextLength = 12, Heads = 2, ModelWidth = 16, HeadWidth = 8 };
        float[][] weights = [.. TinyModels.Weights(config, 2).Select(w => w.Values)];
        var contexts = TinyModels.Contexts(config, 3, seed: 4);
        using var here = new WholeModelGradient(config, 12, 3);
        using var elsewhere = new DeviceGradient(config, CPU);
        float[][] Empty() => [.. weights.Select(w => new float[w.Length])];
        var (own, theirs) = (Empty(), Empty());
        Assert.Equal(here.Compute(weights, contexts, [0, 1, 2], own), elsewhere.Compute(weights, contexts, [0, 1, 2], theirs), 1e-5);
        Assert.All(own.Zip(theirs), pair => Assert.True(
            TensorPrimitives.Distance<float>(pair.First, pair.Second) <= 1e-5 * TensorPrimitives.Norm<float>(pair.First) + 1e-6));
        Assert.Equal(here.MeanLoss(weights, contexts, [0, 2]), elsewhere.MeanLoss(weights, contexts, [0, 2]), 1e-5);
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
