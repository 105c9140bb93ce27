using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Tests.Core.Sampling.Observables;

/// <summary>Losses of single tokens: the lock-step engine gives those of autograd, for every kind of component.</summary>
public sealed class TokenLossTests
{
    private static readonly TransformerConfig Small = new()
    {
        VocabularySize = 50, ContextLength = 21, Layers = 2, Heads = 3, ModelWidth = 24, HeadWidth = 8,
    };

    [Theory]
    [InlineData("l0h1")]
    [InlineData("l1h2")]
    [InlineData("l1h0+l1h2")]
    [InlineData("l1")]
    [InlineData("embed")]
    [InlineData("unembed")]
    [InlineData("full")]
    public void OneComponent_MatchesAutograd(string component) => Check(Small, [component], ProductPrecision.Float32, 2e-5);

    [Fact]
    public void AllHeadsTogether_MatchAutograd() => Check(Small, [.. Component.Expand("heads", Small)], ProductPrecision.Float32, 2e-5);

    [Theory]
    [InlineData("l0 mlp")]
    [InlineData("l1h2")]
    public void ModelWithMlps_MatchesAutograd(string component) =>
        Check(Small with { MlpWidth = 40 }, [component], ProductPrecision.Float32, 4e-5);

    [Theory]
    [InlineData("l1h2")]
    [InlineData("l0h1")]
    [InlineData("full")]
    public void BFloat16Products_StayCloseToAutograd(string component)
    {
        if (BFloat16.IsSupported) Check(Small with { VocabularySize = 301 }, [component], ProductPrecision.BFloat16, 2e-2);
    }

    [Fact]
    public void UnderAReference_TheLossIsTheTexts()
    {
        var (weights, text) = (TinyModels.Weights(Small, 1), TinyModels.Contexts(Small, 4, 1));
        var teacher = new ReferenceModel(Small, TinyModels.Weights(Small, 2));
        Component[] components = [Component.Parse("l1h1", Small)];
        using var alone = new LockStepEngine(Small, weights, components, text) { Probes = [text] };
        using var against = new LockStepEngine(Small, weights, components, text, teacher) { Probes = [text] };
        Assert.Equal(alone.TokenLossesOfCenter(0), against.TokenLossesOfCenter(0));
        Assert.Equal(LossesAt(alone, 0, Walkers(alone, 1, 1)), LossesAt(against, 0, Walkers(against, 1, 1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Walker_HasTheSameBitsBesideOthersAndOnAnyThreads(int threads)
    {
        var (weights, probe) = (TinyModels.Weights(Small, 1), TinyModels.Contexts(Small, 5, 2, "probe"));
        Component[] components = [.. Component.Expand("heads", Small).Append("full").Select(n => Component.Parse(n, Small))];
        using var many = new LockStepEngine(Small, weights, components, probe, threads: threads) { Probes = [probe] };
        using var one = new LockStepEngine(Small, weights, [components[4]], probe, threads: 2) { Probes = [probe] };
        var beside = LossesAt(many, 0, Walkers(many, components.Length, 2));
        var walker = new Walker<float>(0, 1, one.CenterOf(0));
        EngineAgreement.Displaced(new Walker<float>(4, 1, one.CenterOf(0)), 1).Position.CopyTo(walker.Position, 0);
        Assert.Equal(beside[2 * 4 + 1], LossesAt(one, 0, [walker])[0]);
    }

    [Fact]
    public void Observing_LeavesTheMinibatchAsItWas()
    {
        var (weights, text) = (TinyModels.Weights(Small, 1), TinyModels.Contexts(Small, 4, 1));
        Component[] components = [.. Component.Expand("heads", Small).Append("full").Select(n => Component.Parse(n, Small))];
        using var engine = new LockStepEngine(Small, weights, components, text) { Probes = [TinyModels.Contexts(Small, 3, 2, "probe")] };
        var walkers = Walkers(engine, components.Length, 2);
        engine.Evaluate([0, 2], walkers);
        var before = walkers.Select(w => (w.Loss, w.Gradient.ToArray())).ToList();
        LossesAt(engine, 0, walkers);
        Assert.Equal(before.Select(b => b.Loss), walkers.Select(w => w.Loss));
        Assert.All(walkers.Zip(before), pair => Assert.Equal(pair.Second.Item2, pair.First.Gradient));
        engine.Evaluate([0, 2], walkers);
        Assert.All(walkers.Zip(before), pair => Assert.Equal(pair.Second.Item2, pair.First.Gradient));
    }

    [Fact]
    public void WalkerThatIsNotFinite_LeavesTheOthersUnharmed()
    {
        var (weights, probe) = (TinyModels.Weights(Small, 1), TinyModels.Contexts(Small, 3, 2, "probe"));
        using var engine = new LockStepEngine(Small, weights, [Component.Parse("l1h1", Small)], probe) { Probes = [probe] };
        var walkers = Walkers(engine, 1, 3);
        var before = LossesAt(engine, 0, walkers);
        walkers[1].Position[0] = float.NaN;
        var after = LossesAt(engine, 0, walkers);
        Assert.Contains(after[1], double.IsNaN);
        Assert.Equal(before[0], after[0]);
        Assert.Equal(before[2], after[2]);
    }

    /// <summary>Probe sets of two lengths, of which one is not the sampled text's.</summary>
    private static void Check(TransformerConfig config, string[] names, ProductPrecision precision, double tolerance)
    {
        var (weights, text) = (TinyModels.Weights(config, 1), TinyModels.Contexts(config, count: 4, 1));
        ContextSet[] probes =
            [TinyModels.Contexts(config, 5, 2, "long"), TinyModels.Contexts(config with { ContextLength = 8 }, 11, 3, "short")];
        var components = names.Select(n => Component.Parse(n, config, headBiases: true)).ToList();
        using var lockStep = new LockStepEngine(config, weights, components, text, null, threads: 2, precision) { Probes = probes };
        using var autograd = new LanguageModelAutogradEngine(config, weights, components, text, null) { Probes = probes };
        var (ours, theirs) = (Walkers(lockStep, names.Length, 2), Walkers(autograd, names.Length, 2));
        for (var p = 0; p < probes.Length; p++)
        {
            Close(autograd.TokenLossesOfCenter(p), lockStep.TokenLossesOfCenter(p));
            foreach (var (own, their) in LossesAt(lockStep, p, ours).Zip(LossesAt(autograd, p, theirs))) Close(their, own);
        }

        void Close(double[] expected, double[] found) =>
            Assert.Equal(expected, found, (a, b) => Math.Abs(a - b) < tolerance * Math.Max(1, Math.Abs(a)));
    }

    private static List<Walker<float>> Walkers(ILossEngine<float> engine, int components, int chains) =>
        [.. from component in Enumerable.Range(0, components)
            from chain in Enumerable.Range(0, chains)
            select EngineAgreement.Displaced(new(component, chain, engine.CenterOf(component)), 1)];

    /// <summary>[walker][context, pos - 1].</summary>
    private static double[][] LossesAt(ITokenLossEngine<float> engine, int probe, IReadOnlyList<Walker<float>> walkers)
    {
        double[][] losses = [.. walkers.Select(_ => new double[engine.TokenLossesOfCenter(probe).Length])];
        engine.TokenLosses(probe, walkers, (walker, context, own) => own.CopyTo(losses[walker].AsSpan(context * own.Length)));
        return losses;
    }
}
