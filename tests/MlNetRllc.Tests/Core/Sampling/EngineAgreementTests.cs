using CsCheck;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Engines;
using MlNetRllc.Core.Sampling.LockStep;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>The lock-step engine gives the losses and gradients of autograd, for every kind of component.</summary>
public sealed class EngineAgreementTests
{
    private static readonly TransformerConfig Small = new()
    {
        VocabularySize = 50, ContextLength = 21, Layers = 2, Heads = 3, ModelWidth = 24, HeadWidth = 8,
    };

    [Theory]
    [InlineData("l0h1")]
    [InlineData("l1h2")]
    [InlineData("l1h0+l1h2")]
    [InlineData("l0h0+l1h1")]
    [InlineData("l0 attn")]
    [InlineData("l1")]
    [InlineData("embed")]
    [InlineData("pos")]
    [InlineData("unembed")]
    [InlineData("ln_final")]
    [InlineData("full")]
    [InlineData("embed+l1h0+unembed")]
    public void OneComponent_MatchesAutograd(string component) => AssertAgreement(Small, [component], chains: 2);

    [Fact]
    public void AllHeadsTogether_MatchAutograd() => AssertAgreement(Small, [.. Component.Expand("heads", Small)], chains: 3);

    [Fact]
    public void DivergenceFromAReference_MatchesAutograd() =>
        AssertAgreement(Small, ["l0h1", "l1h2", "full"], chains: 2, reference: Small with { Layers = 1, ModelWidth = 16, Heads = 2 });

    [Fact]
    public void RandomShapes_MatchAutograd() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[3, 40], Gen.Int[2, 20], Gen.Int[5, 130], Gen.Int[3, 40], Gen.Bool, Gen.Int[0, 1000])
            .Sample(shape =>
            {
                var (layers, heads, d_model, d_head, vocab, pos, biases, pick) = shape;
                var config = new TransformerConfig
                {
                    Layers = layers, Heads = heads, ModelWidth = d_model, HeadWidth = d_head, VocabularySize = vocab, ContextLength = pos,
                    AttentionBiases = biases, UnembeddingBias = biases,
                };
                var names = Component.Names(config).ToList();
                AssertAgreement(config, [names[pick % names.Count], $"l{layers - 1}h{heads - 1}"], chains: 2, seed: pick);
            }, iter: 40, seed: "0000KHnX8Jv3", threads: 1);

    private static void AssertAgreement(TransformerConfig config, string[] names, int chains, int seed = 1, TransformerConfig? reference = null)
    {
        var weights = TinyModels.Weights(config, seed);
        var contexts = TinyModels.Contexts(config, count: 7, seed);
        var teacher = reference is null ? null : new ReferenceModel(reference, TinyModels.Weights(reference, seed + 1));
        var components = names.Select(n => Component.Parse(n, config, headBiases: true)).ToList();
        using var lockStep = new LockStepEngine(config, weights, components, contexts, teacher, threads: 2);
        using var autograd = new LanguageModelAutogradEngine(config, weights, components, contexts, teacher);

        int[] rows = [4, 0, 6];
        var (ours, theirs) = (Walkers(lockStep), Walkers(autograd));
        var (baseline, expectedBaseline) = (lockStep.Evaluate(rows, ours), autograd.Evaluate(rows, theirs));

        Assert.Equal(expectedBaseline, baseline, 2e-5 * Math.Max(1, expectedBaseline));
        foreach (var (own, their) in ours.Zip(theirs))
        {
            var name = names[own.Component];
            Assert.True(Math.Abs(own.Loss - their.Loss) < 2e-5 * Math.Max(1, their.Loss), $"{name}: loss {own.Loss} against {their.Loss}");
            var scale = their.Gradient.Max(Math.Abs);
            var error = own.Gradient.Zip(their.Gradient, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(error <= 1e-4 * scale + 1e-9, $"{name}: gradients differ by {error} where the largest is {scale}");
        }

        List<Walker<float>> Walkers(ILossEngine<float> engine) =>
            [.. from component in Enumerable.Range(0, components.Count)
                from chain in Enumerable.Range(0, chains)
                select Displaced(new Walker<float>(component, chain, engine.CenterOf(component)), seed)];
    }

    private static Walker<float> Displaced(Walker<float> walker, int seed)
    {
        var noise = new float[walker.Position.Length];
        NamedRandom.Of(seed, walker.Component, walker.Chain).Normals(noise, 0);
        for (var i = 0; i < noise.Length; i++) walker.Position[i] += 0.1f * noise[i];
        return walker;
    }
}
