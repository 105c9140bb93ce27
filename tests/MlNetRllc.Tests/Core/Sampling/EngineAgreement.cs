using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Holds the lock-step engine to autograd.</summary>
internal static class EngineAgreement
{
    /// <summary>Loss and every value of the gradient of displaced walkers, and the loss of w*.</summary>
    public static void Check(
        TransformerConfig config,
        string[] names,
        int chains,
        int seed = 1,
        TransformerConfig? reference = null,
        ProductPrecision precision = ProductPrecision.Float32,
        double slack = 1,
        Func<ContextSet, ContextSet>? masked = null)
    {
        // A processor without the product has nothing to compare; that the constructor refuses is a
        // test of its own.
        if (precision == ProductPrecision.BFloat16 && !BFloat16.IsSupported) return;
        var (lossTolerance, tolerance) = precision == ProductPrecision.BFloat16
            ? (slack * 5e-4, slack * 1e-2)
            : (slack * 2e-5, slack * 1e-4);
        var weights = TinyModels.Weights(config, seed);
        var contexts = TinyModels.Contexts(config, count: 7, seed);
        if (masked is not null) contexts = masked(contexts);
        var teacher = reference is null
            ? null
            : new ReferenceModel(reference, TinyModels.Weights(reference, seed + 1));
        var components = names.Select(n => Component.Parse(n, config, headBiases: true)).ToList();
        using var lockStep = new LockStepEngine(
            config, weights, components, contexts, teacher, threads: 2, precision);
        using var autograd = new LanguageModelAutogradEngine(config, weights, components, contexts, teacher);

        int[] rows = [4, 0, 6];
        var (ours, theirs) = (Walkers(lockStep), Walkers(autograd));
        var (baseline, expectedBaseline) = (lockStep.Evaluate(rows, ours), autograd.Evaluate(rows, theirs));

        Assert.Equal(expectedBaseline, baseline, 2e-5 * Math.Max(1, expectedBaseline));
        foreach (var (own, their) in ours.Zip(theirs))
        {
            var name = names[own.Component];
            Assert.True(
                Math.Abs(own.Loss - their.Loss) < lossTolerance * Math.Max(1, their.Loss),
                $"{name}: loss {own.Loss} against {their.Loss}");
            var scale = their.Gradient.Max(Math.Abs);
            var error = own.Gradient.Zip(their.Gradient, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(
                error <= tolerance * scale + 1e-9,
                $"{name}: gradients differ by {error} where the largest is {scale}");
        }

        List<Walker<float>> Walkers(ILossEngine<float> engine) =>
            [.. from component in Enumerable.Range(0, components.Count)
                from chain in Enumerable.Range(0, chains)
                select Displaced(new Walker<float>(component, chain, engine.CenterOf(component)), seed)];
    }

    /// <summary>Moves a walker away from w*, by its own noise.</summary>
    public static Walker<float> Displaced(Walker<float> walker, int seed)
    {
        var noise = new float[walker.Position.Length];
        NamedRandom.Stream(seed, walker.Component, walker.Chain).Normals(noise, 0);
        for (var i = 0; i < noise.Length; i++) walker.Position[i] += 0.1f * noise[i];
        return walker;
    }
}
