using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Native;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Core.Weights;
using TorchSharp;

namespace MlNetRllc.Tests.Service;

/// <summary>Uses of a program whose native libraries are not as they should be.</summary>
internal static partial class Scenarios
{
    /// <summary>libtorch_cpu.so is no library.</summary>
    public static void EveryEntranceNamesTheLibraryThatCannotBeLoaded()
    {
        var config = new TransformerConfig { Layers = 1, Heads = 1, ModelWidth = 4, HeadWidth = 4, VocabularySize = 5, ContextLength = 4 };
        var zeros = WeightNames.Shapes(config)
            .Select(w => new Weight(w.Name, w.Shape, new float[w.Shape.Aggregate(1, (a, b) => a * b)]));
        var weights = new WeightSet(zeros);
        var contexts = new ContextSet("text", Enumerable.Range(0, 32).Select(i => i % 5).ToArray(), 4);
        var folder = Path.Combine(AppContext.BaseDirectory, "training");
        Action[] entrances =
        [
            TorchNative.EnsureLoaded, () => CallerThread.Only().Dispose(), () => new AttentionOnlyTransformer(config).Dispose(),
            () => new SgldSampler(config, weights, contexts).Sample(["l0h0"], new() { Chains = 1, Draws = 1, BurnIn = 0, BatchSize = 2 }),
            () => new LanguageModelTrainer(config, new() { Steps = 1, BatchSize = 2 }).Train(contexts, null, folder),
            () => new HeadScorer(contexts).Score(config, weights), () => new HeadExamples(config, weights, contexts).Look(["l0h0"], 1, 2),
            () => TokenClasses.ClassifyHeads(config, weights, new(contexts, contexts)),
            () => new CurvatureTraces(config, weights, contexts).Hessian([Component.Parse("l0h0", config)]),
            () => new CurvatureTraces(config, weights, contexts).Fisher([Component.Parse("l0h0", config)]),
            () => Checkpoint.Verify(config, weights, new([[0, 1]], [[new float[5], new float[5]]])),
        ];
        for (var i = 0; i < entrances.Length; i++)
        {
            var error = Assert.ThrowsAny<Exception>(entrances[i]);
            var saidSo = error.Message.Contains("libtorch_cpu.so cannot be loaded", StringComparison.Ordinal);
            if (error is not DllNotFoundException || !saidSo) throw new InvalidDataException($"Entrance {i} says something else.");
        }
    }

    /// <summary>The bridge is no library at first, and is when TorchSharp has failed for good.</summary>
    public static void TorchSharpThatFailedBefore_IsNamedWithTheFirstLine()
    {
        Assert.Throws<TypeInitializationException>(() => torch.ones(1));
        static string Said() => Assert.Throws<DllNotFoundException>(TorchNative.EnsureLoaded).Message;
        Assert.Contains("libLibTorchSharp.so cannot be loaded", Said(), StringComparison.Ordinal);
        var bridges = Directory.GetFiles(AppContext.BaseDirectory, "libLibTorchSharp.so*", SearchOption.AllDirectories);
        var bridge = bridges.Order(StringComparer.Ordinal).ToArray();
        File.Move(bridge[1], bridge[0], overwrite: true);
        Assert.Contains("first line: MlNetRllc.Core.Native.TorchNative.EnsureLoaded();", Said(), StringComparison.Ordinal);
    }

    /// <summary>The bridge is the original.</summary>
    public static void TensorsAreMade()
    {
        TorchNative.EnsureLoaded();
        Assert.Equal(2, torch.ones(2).sum().item<float>());
    }
}
