using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Of a masked dataset only the tokens that count are in the loss, in every engine alike.</summary>
public sealed class MaskedLossTests
{
    private static readonly TransformerConfig Small = new()
    {
        VocabularySize = 50, ContextLength = 45, Layers = 2, Heads = 3, ModelWidth = 24, HeadWidth = 8,
    };

    private static readonly string[] EveryPlan = ["l0h1", "l1h2", "l1h0+l1h2", "l1", "unembed", "full"];

    /// <summary>A rare mask leaves whole tiles of rows out, at the ends and between.</summary>
    [Theory, InlineData(0.5), InlineData(0.1), InlineData(0.03)]
    public void MaskedLoss_MatchesAutograd(double share) =>
        EngineAgreement.Check(Small, EveryPlan, chains: 2, masked: contexts => Masked(contexts, share));

    [Theory, InlineData(0.5), InlineData(0.05)]
    public void MaskedDivergenceFromAReference_MatchesAutograd(double share) => EngineAgreement.Check(
        Small, EveryPlan, chains: 2, reference: Small with { Layers = 1, ModelWidth = 16, Heads = 2 },
        masked: contexts => Masked(contexts, share));

    /// <summary>The fewer tokens, the less their roundings average out.</summary>
    [Theory, InlineData(0.5, 1), InlineData(0.05, 2)]
    public void MaskedLossInBFloat16_StaysCloseToAutograd(double share, double slack) => EngineAgreement.Check(
        Small with { VocabularySize = 301, ContextLength = 60 }, EveryPlan, chains: 2,
        precision: ProductPrecision.BFloat16, slack: slack, masked: contexts => Masked(contexts, share));

    [Fact]
    public void MaskedLossOfAModelWithMlps_MatchesAutograd() => EngineAgreement.Check(
        Small with { MlpWidth = 32 }, ["l0h1", "l1 mlp", "full"], chains: 2, masked: contexts => Masked(contexts, 0.2));

    /// <summary>Blocks of rows of a low-rank component are shorter than a long context.</summary>
    [Fact]
    public void MaskedLossOfLongContexts_MatchesAutograd() => EngineAgreement.Check(
        Small with { VocabularySize = 4000, ContextLength = 340, HeadWidth = 4 }, ["l0h1", "l1h2"], chains: 2, slack: 2,
        masked: contexts => Masked(contexts, 0.02));

    [Theory, InlineData(false), InlineData(true)]
    public void BaselineLoss_IsTheSumOfCountedLossesOverTheirMeanNumber(bool lockStep)
    {
        var (weights, contexts) = (TinyModels.Weights(Small, 1), TinyModels.Contexts(Small, count: 3, 1));
        // Context 0 counts 1 token, context 1 none, context 2 three: 2 contexts remain, with 2 counted tokens in the mean.
        var flags = new bool[3 * 44];
        flags[7] = flags[88] = flags[100] = flags[131] = true;
        using var all = new LanguageModelAutogradEngine(Small, weights, [], contexts, reference: null);
        using var engine = Engine(lockStep, weights, contexts.WithMask(flags));
        double Of(int context, int position)
        {
            var only = new bool[3 * 44];
            only[context * 44 + position] = true;
            using var one = Engine(lockStep: false, weights, contexts.WithMask(only));
            return one.Evaluate([0], []);
        }

        Assert.Equal(2, engine.RowCount);
        Assert.Equal(Of(0, 7) / 2, engine.Evaluate([0], []), 1e-5);
        Assert.Equal((Of(2, 0) + Of(2, 12) + Of(2, 43)) / 2, engine.Evaluate([1], []), 1e-5);
        Assert.Equal((Of(0, 7) + Of(2, 0) + Of(2, 12) + Of(2, 43)) / 4, engine.Evaluate([0, 1], []), 1e-5);
        Assert.NotEqual(all.Evaluate([0, 2], []), engine.Evaluate([0, 1], []), 1e-3);
    }

    /// <summary>Minibatches of one context at a time: their mean loss is the dataset's over the tokens that count.</summary>
    [Fact]
    public void MeanOverAllMinibatches_IsTheLossOfTheWhole()
    {
        var contexts = Masked(TinyModels.Contexts(Small, count: 9, 4), 0.04);
        using var engine = Engine(lockStep: true, TinyModels.Weights(Small, 4), contexts);
        int[] rows = [.. Enumerable.Range(0, contexts.Count)];
        Assert.Equal(engine.Evaluate(rows, []), rows.Average(row => engine.Evaluate([row], [])), 1e-9);
    }

    /// <summary>The last token is no input, so that whatever it is must change no bit where it does not count.</summary>
    [Fact]
    public void TargetsThatDoNotCount_ChangeNoBit()
    {
        var plain = TinyModels.Contexts(Small, count: 4, 2);
        var tokens = Enumerable.Range(0, 4).SelectMany(row => plain[row].ToArray()).ToArray();
        for (var last = Small.ContextLength - 1; last < tokens.Length; last += Small.ContextLength) tokens[last] = (tokens[last] + 7) % 50;
        var other = new ContextSet("text", tokens, Small.ContextLength);
        bool[] flags = [.. Enumerable.Range(0, 4 * 44).Select(i => i % 44 is > 20 and < 43)];

        Assert.NotEqual(Results(plain), Results(other));
        Assert.Equal(Results(plain.WithMask(flags)), Results(other.WithMask(flags)));
    }

    [Fact]
    public void MaskOfAllTokens_IsNoMask()
    {
        var contexts = TinyModels.Contexts(Small, count: 4, 2);
        var all = contexts.WithMask([.. Enumerable.Repeat(true, 4 * 44)]);
        Assert.Equal((false, contexts.Key), (all.IsMasked, all.Key));
        Assert.Equal(Results(contexts), Results(all));
    }

    [Fact]
    public void WalkersAtTheCentre_HaveTheMaskedBaselineLoss()
    {
        var contexts = Masked(TinyModels.Contexts(Small, count: 6, 3), 0.1);
        using var engine = Engine(lockStep: true, TinyModels.Weights(Small, 3), contexts);
        Walker<float>[] walkers = [.. Enumerable.Range(0, EveryPlan.Length).Select(c => new Walker<float>(c, 0, engine.CenterOf(c)))];
        var baseline = engine.Evaluate([0, 3], walkers);
        Assert.All(walkers, walker => Assert.Equal(baseline, walker.Loss, 1e-5));
    }

    [Fact]
    public void FewerContextsThanABatch_SaysHowManyTheMaskLeftOut()
    {
        var contexts = TinyModels.Contexts(Small, count: 6, 1, "brackets");
        var flags = new bool[6 * 44];
        flags[3] = flags[50] = true;
        var sampler = new SgldSampler(Small, TinyModels.Weights(Small, 1), contexts.WithMask(flags));
        var refusal = Assert.Throws<ArgumentException>(() => sampler.Sample(["l0h0"], new() { BatchSize = 4, Draws = 1 }));
        Assert.Contains("'brackets' (masked: without the 4 contexts in which no token counts) has 2 contexts", refusal.Message);
    }

    private static ContextSet Masked(ContextSet contexts, double share)
    {
        var random = NamedRandom.Stream("mask");
        var flags = new bool[contexts.Count * (contexts.ContextLength - 1)];
        for (var i = 0; i < flags.Length; i++) flags[i] = random.Uniform((ulong)i, 0) < share;
        for (var i = 0; i < contexts.Count; i++) flags[i * (contexts.ContextLength - 1) + 5 * i % 44] = true; // rows stay what they were
        return contexts.WithMask(flags);
    }

    private static ILossEngine<float> Engine(bool lockStep, WeightSet weights, ContextSet contexts)
    {
        List<Component> components = [.. EveryPlan.Select(name => Component.Parse(name, Small))];
        return lockStep ? new LockStepEngine(Small, weights, components, contexts)
            : new LanguageModelAutogradEngine(Small, weights, components, contexts, reference: null);
    }

    private static List<double> Results(ContextSet contexts)
    {
        using var engine = Engine(lockStep: true, TinyModels.Weights(Small, 2), contexts);
        Walker<float>[] walkers = [.. Enumerable.Range(0, EveryPlan.Length)
            .Select(c => EngineAgreement.Displaced(new(c, 0, engine.CenterOf(c)), 2))];
        var baseline = engine.Evaluate([0, 3], walkers);
        return [baseline, .. walkers.Select(w => w.Loss), .. walkers.SelectMany(w => w.Gradient).Select(g => (double)g)];
    }
}
