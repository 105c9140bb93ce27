using System.Runtime.InteropServices;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Tests.Core.Sampling;

namespace MlNetRllc.Tests.Core.Kernels;

/// <summary>SHA-256 of bits that must come out the same on every processor, whatever its vectors: products,
/// noise, a step of the engine, and rLLCs from weights to the error bar.</summary>
/// <remarks>A constant may change with the version of what it is of (<c>StoredWorkKey.RowVersion</c>), and with
/// nothing else.</remarks>
public sealed unsafe class FingerprintTests
{
    private static readonly TransformerConfig Config = new()
    {
        VocabularySize = 203, ContextLength = 37, Layers = 2, Heads = 3, ModelWidth = 40, HeadWidth = 12,
    };

    [Theory, MemberData(nameof(KernelSets.Supported), MemberType = typeof(KernelSets))]
    public void Product_HasItsBits(string kernels)
    {
        var (left, right, result) = (Noise("left", 16 * 100), Noise("right", 100 * 80), new float[16 * 80]);
        fixed (float* a = left, b = right, c = result)
            KernelSets.The(kernels).Multiply(16, 80, new()
            {
                Inner = 100, A = a, RowStrideA = 100, InnerStrideA = 1, B = b, StrideB = 80, C = c, StrideC = 80,
            });
        Assert.Equal("82d985167ab7f517225675c137dcf2c3", HashOf(result));
    }

    [Fact]
    public void Noise_HasItsBits() => Assert.Equal("f8fc85c4d797e6b3a591daec49810cd6", HashOf(Noise("noise", 10_001)));

    [Theory, MemberData(nameof(KernelSets.Supported), MemberType = typeof(KernelSets))]
    public void Gelu_HasItsBits(string kernels)
    {
        var (x, y, d) = (Noise("gelu", 16 * 100, size: 3), new float[16 * 100], Noise("upstream", 16 * 100));
        fixed (float* from = x, to = y, up = d)
        {
            KernelSets.The(kernels).Gelu(from, to, x.Length);
            KernelSets.The(kernels).GeluBackward(from, up, x.Length);
        }
        Assert.Equal("3c1130c0aaee8a0ae90bbc834a3417c8", HashOf([.. y, .. d]));
    }

    [Fact]
    public void StepOfTheEngine_HasItsBits() =>
        Assert.Equal("460747ccd59e0601bd5cbe5ce55a9b53", HashOfAStep(Config, "l0h1", "l1h2", "full"));

    [Fact]
    public void StepOfAModelWithMlps_HasItsBits() => Assert.Equal(
        "8a53caa0f32f27927f6f98fca180f1ba",
        HashOfAStep(Config with { MlpWidth = 300 }, "l0h1", "l0 mlp", "l1h2", "l1 mlp", "l0 mlp+l1h0", "full"));

    private static string HashOfAStep(TransformerConfig config, params string[] names)
    {
        Component[] components = [.. names.Select(c => Component.Parse(c, config))];
        using var engine = new LockStepEngine(config, Weights(config), components, Contexts(), threads: 2);
        Walker<float>[] walkers = [.. components.Select((_, c) => new Walker<float>(c, 0, Moved(engine.CenterOf(c), c)))];
        var baseline = engine.Evaluate([3, 0, 5], walkers);
        double[] losses = [baseline, .. walkers.Select(w => w.Loss)];
        var gradients = walkers.SelectMany(w => MemoryMarshal.AsBytes<float>(w.Gradient).ToArray());
        var bits = MemoryMarshal.AsBytes<double>(losses).ToArray().Concat(gradients);
        return ContentHash.OfBytes([.. bits])[..32];
    }

    [Fact]
    public void RllcsOfASmallStudy_HaveTheirBits()
    {
        var options = new SgldOptions
        {
            Chains = 3, Draws = 40, BurnIn = 0, BatchSize = 3, NBeta = 30, StepSize = 1e-3, Localization = 100, Seed = 4,
        };
        var traces = new SgldSampler(Config, Weights(Config), Contexts()).Sample(["l0h0", "l1h1", "l0h2+l1h0", "full"], options);
        double[] numbers =
        [
            .. traces.Select(trace => RllcEstimation.Estimate(trace, new()))
                .SelectMany(e => (double[])[e.Rllc, e.RllcStdErr, e.RHat, e.Ess, e.MalaAcceptance, e.Drift]),
        ];
        Assert.All(numbers, n => Assert.True(double.IsFinite(n)));
        Assert.Equal("c40016496e0f50fb01439812d9de44ba", ContentHash.OfBytes(MemoryMarshal.AsBytes<double>(numbers))[..32]);
    }

    [Fact]
    public void TrainingOfASmallModel_HasItsBits()
    {
        var folder = Directory.CreateTempSubdirectory("fingerprint").FullName;
        try
        {
            var options = new TrainingOptions { Steps = 40, BatchSize = 4, LearningRate = 3e-3, ValidationContexts = 3, Seed = 4 };
            var result = new LanguageModelTrainer(Config, options).Train(Contexts(), Contexts(), folder);
            double[] losses = [.. result.Checkpoints.SelectMany(c => (double[])[c.TrainLoss, c.ValidationLoss])];
            var bits = MemoryMarshal.AsBytes<double>(losses).ToArray()
                .Concat(result.Weights.SelectMany(w => MemoryMarshal.AsBytes<float>(w.Values).ToArray()));
            Assert.Equal("7e5b18d2ad626f410cca74d7ce8ec88b", ContentHash.OfBytes([.. bits])[..32]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static WeightSet Weights(TransformerConfig config)
    {
        var weights = TinyModels.Weights(config, 1);
        foreach (var (name, _, values) in weights)
        {
            var isGain = name.Contains(".w", StringComparison.Ordinal);
            Noise(name, values.Length, isGain ? 1 : 0.1f).CopyTo(values, 0);
        }
        return weights;
    }

    private static ContextSet Contexts() => TinyModels.Contexts(Config, 8, 5);

    private static float[] Moved(float[] position, int name)
    {
        var noise = Noise($"moved {name}", position.Length, 0.02f);
        return [.. position.Zip(noise, (w, n) => w + n)];
    }

    private static float[] Noise(string name, int length, float size = 1)
    {
        var values = new float[length];
        NamedRandom.Stream("fingerprint", name).Normals(values, 0);
        for (var i = 0; i < length; i++) values[i] *= size;
        return values;
    }

    private static string HashOf(float[] values) => ContentHash.OfBytes(MemoryMarshal.AsBytes<float>(values))[..32];
}
