using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Dynamics;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Whole chains: both engines walk the same way on the same noise, and rounded products do
/// not move an estimate.</summary>
public sealed class EngineTrajectoryTests
{
    [Fact]
    public void SameNoise_SameLossesAndWeightsStepByStep()
    {
        var random = NamedRandom.Stream("trajectories");
        for (var i = 0ul; i < 20; i++)
        {
            int Draw(int least, int most, ulong what) => least + random.Integer(most - least + 1, i, what);
            var config = new TransformerConfig
            {
                Layers = Draw(1, 3, 0),
                Heads = Draw(1, 3, 1),
                ModelWidth = Draw(6, 24, 2),
                HeadWidth = Draw(2, 12, 3),
                VocabularySize = Draw(8, 90, 4),
                ContextLength = Draw(4, 24, 5),
            };
            var names = Component.Names(config).ToList();
            AssertSameChains(config, [names[Draw(0, names.Count - 1, 6)], $"l{config.Layers - 1}h0"], (int)i);
        }
    }

    [Theory]
    [InlineData("l0h1")]
    [InlineData("l1h2")]
    [InlineData("full")]
    public void BFloat16_LeavesTheEstimateWithinItsStandardError(string component)
    {
        if (!BFloat16.IsSupported) return; // this processor has none, and the engine refuses it
        var config = new TransformerConfig
        {
            Layers = 2,
            Heads = 4,
            ModelWidth = 32,
            HeadWidth = 8,
            VocabularySize = 200,
            ContextLength = 32,
        };
        var (weights, contexts) = (Smooth(TinyModels.Weights(config, 5)), TinyModels.Contexts(config, 64, 5));
        var sampler = new SgldSampler(config, weights, contexts);
        RllcEstimate Estimate(ProductPrecision precision)
        {
            var options = new SgldOptions { Draws = 100, BurnIn = 0, BatchSize = 8, Precision = precision };
            return RllcEstimation.Estimate(sampler.Sample([component], options)[0], new());
        }

        var (exact, rounded) = (Estimate(ProductPrecision.Float32), Estimate(ProductPrecision.BFloat16));

        Assert.InRange(rounded.Rllc, exact.Rllc - exact.RllcStdErr, exact.Rllc + exact.RllcStdErr);
        Assert.InRange(rounded.RllcStdErr, exact.RllcStdErr / 1.2, exact.RllcStdErr * 1.2);
    }

    private static void AssertSameChains(TransformerConfig config, string[] names, int seed)
    {
        var (weights, contexts) = (TinyModels.Weights(config, seed), TinyModels.Contexts(config, 6, seed));
        List<Component> components = [.. names.Select(n => Component.Parse(n, config))];
        using var lockStep = new LockStepEngine(config, weights, components, contexts);
        using var autograd = new LanguageModelAutogradEngine(
            config, weights, components, contexts, reference: null);
        var (ours, theirs) = (Chains(lockStep, seed), Chains(autograd, seed));
        for (var step = 0; step < 5; step++)
        {
            int[] rows = [step, (step + 1) % 6];
            Advance(lockStep, ours, rows, step);
            Advance(autograd, theirs, rows, step);
            foreach (var (own, their) in ours.Zip(theirs))
            {
                Assert.Equal(their.Walker.Loss, own.Walker.Loss, 1e-4 * their.Walker.Loss);
                Assert.Equal(their.Walker.Position, own.Walker.Position, (a, b) => Math.Abs(a - b) < 1e-4);
            }
        }
    }

    private static List<Moving> Chains(ILossEngine<float> engine, int seed) =>
        [.. from component in (int[])[0, 1]
            from chain in (int[])[0, 1]
            let center = engine.CenterOf(component)
            select new Moving(
                new(component, chain, center),
                Dynamics<float>.Create(new(), center.Length),
                NamedRandom.Stream(seed, component, chain))];

    private sealed record Moving(Walker<float> Walker, Dynamics<float> Dynamics, NamedRandom Noise);

    private static void Advance(ILossEngine<float> engine, List<Moving> chains, int[] rows, int step)
    {
        var baseline = engine.Evaluate(rows, [.. chains.Select(c => c.Walker)]);
        foreach (var (walker, dynamics, stream) in chains)
        {
            var noise = new float[walker.Center.Length];
            stream.Normals(noise, (ulong)step);
            dynamics.Step(walker, baseline, noise);
        }
    }

    /// <summary>Weights of the size that training leaves, so that chains stay near them.</summary>
    private static WeightSet Smooth(WeightSet weights)
    {
        static bool IsGain(Weight weight) => weight.Name.EndsWith(".w", StringComparison.Ordinal);
        return new(weights.Select(w => IsGain(w) ? w : w with { Values = [.. w.Values.Select(v => 0.4f * v)] }));
    }
}
