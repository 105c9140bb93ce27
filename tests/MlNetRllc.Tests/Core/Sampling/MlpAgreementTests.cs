using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>The lock-step engine gives the losses and gradients of autograd for models with MLPs.</summary>
public sealed class MlpAgreementTests
{
    private static readonly TransformerConfig Small = new()
    {
        VocabularySize = 50, ContextLength = 21, Layers = 2, Heads = 3, ModelWidth = 24, HeadWidth = 8, MlpWidth = 40,
    };

    /// <summary>No width a multiple of the kernels' sixteen.</summary>
    private static readonly TransformerConfig Odd = Small with { ModelWidth = 10, HeadWidth = 3, MlpWidth = 5 };

    /// <summary>More hidden values than are worked on at a time, and no multiple of that.</summary>
    private static readonly TransformerConfig Wide = Small with { MlpWidth = 531 };

    private static readonly string[] Kinds =
    [
        "l0h1", "l1h2", "l0 attn", "l1 attn", "l0 mlp", "l1 mlp", "l0", "l1", "embed", "pos", "unembed", "ln_final", "full",
        "l0h1+l0 mlp", "l0 mlp+l1h0", "l0h0+l1 mlp", "l1h0+l1h2+l1 mlp+unembed", "l0 mlp+l1 mlp",
    ];

    public static TheoryData<string, bool> Components =>
        [.. from kind in Kinds from biases in (bool[])[true, false] select (kind, biases)];

    [Theory, MemberData(nameof(Components))]
    public void OneComponent_MatchesAutograd(string component, bool attentionBiases) =>
        EngineAgreement.Check(Small with { AttentionBiases = attentionBiases }, [component], chains: 2);

    [Theory, InlineData(true), InlineData(false)]
    public void OddWidths_MatchAutograd(bool attentionBiases) =>
        EngineAgreement.Check(Odd with { AttentionBiases = attentionBiases }, Kinds, chains: 1, slack: 5);

    [Fact]
    public void MlpWiderThanAStrip_MatchesAutograd() =>
        EngineAgreement.Check(Wide, ["l0h1", "l0 mlp", "l1 mlp", "full"], chains: 1);

    [Fact]
    public void OneHiddenValue_MatchesAutograd() =>
        EngineAgreement.Check(Small with { MlpWidth = 1 }, ["l0h1", "l0 mlp", "l1 mlp", "full"], chains: 1);

    [Fact]
    public void EveryComponentTogether_MatchesAutograd() =>
        EngineAgreement.Check(Small, [.. Component.Names(Small)], chains: 2);

    [Theory, InlineData(0, 40), InlineData(40, 0), InlineData(40, 7)]
    public void DivergenceFromAReference_MatchesAutograd(int mlpWidth, int mlpWidthOfReference) =>
        EngineAgreement.Check(
            Small with { MlpWidth = mlpWidth },
            ["l0h1", "l1h2", "full", .. mlpWidth > 0 ? (string[])["l0 mlp", "l1 mlp"] : []],
            chains: 2,
            reference: Small with { Layers = 1, ModelWidth = 16, Heads = 2, MlpWidth = mlpWidthOfReference });

    [Theory, InlineData("l0h1"), InlineData("l0 mlp"), InlineData("l1 mlp"), InlineData("full")]
    public void BFloat16Products_StayCloseToAutograd(string component) =>
        EngineAgreement.Check(
            Small with { VocabularySize = 301, ContextLength = 60 },
            [component],
            chains: 2,
            precision: ProductPrecision.BFloat16);

    /// <summary>Forty shapes. Narrow LayerNorms amplify rounding, hence the wider tolerance.</summary>
    [Fact]
    public void RandomShapes_MatchAutograd()
    {
        var random = NamedRandom.Stream("shapes with MLPs");
        for (var i = 0ul; i < 40; i++)
        {
            int Draw(int least, int most, ulong what) => least + random.Integer(most - least + 1, i, what);
            var config = new TransformerConfig
            {
                Layers = Draw(1, 3, 0),
                Heads = Draw(1, 4, 1),
                ModelWidth = Draw(3, 40, 2),
                HeadWidth = Draw(2, 20, 3),
                MlpWidth = Draw(1, 300, 4),
                VocabularySize = Draw(5, 130, 5),
                ContextLength = Draw(3, 40, 6),
                AttentionBiases = Draw(0, 1, 7) == 1,
            };
            var names = Component.Names(config).ToList();
            string[] some = [names[Draw(0, names.Count - 1, 8)], $"l{config.Layers - 1}h0", $"l{Draw(0, config.Layers - 1, 9)} mlp"];
            EngineAgreement.Check(config, some, chains: 1, seed: (int)i, slack: 5);
        }
    }

    /// <summary>A token's loss is what it adds to that of the tokens before it.</summary>
    [Fact]
    public void LossOfEachToken_IsThatOfAutograd()
    {
        var weights = TinyModels.Weights(Small, 3);
        string[] names = ["l0h1", "l0 mlp", "l1h2", "l1 mlp", "full"];
        Component[] components = [.. names.Select(n => Component.Parse(n, Small))];
        var tokens = TinyModels.Contexts(Small, 1, 3)[0].ToArray();
        var before = (Ours: new double[names.Length + 1], Theirs: new double[names.Length + 1]);
        for (var length = 2; length <= tokens.Length; length++)
        {
            var contexts = new ContextSet("text", tokens.AsMemory(0, length), length);
            using var lockStep = new LockStepEngine(Small, weights, components, contexts);
            using var autograd = new LanguageModelAutogradEngine(Small, weights, components, contexts, reference: null);
            var (ours, theirs) = (Sums(lockStep, length - 1), Sums(autograd, length - 1));
            for (var i = 0; i < ours.Length; i++)
                Assert.Equal(theirs[i] - before.Theirs[i], ours[i] - before.Ours[i], 1e-4);
            before = (ours, theirs);
        }
    }

    [Fact]
    public void ThreadsAndCompany_ChangeNoBit()
    {
        string[] names = ["l0h1", "l0 mlp", "l1h2", "l1 mlp", "full"];
        var alone = names.Select(n => Gradients([n], threads: 1).Single()).ToList();
        foreach (var threads in (int[])[1, 2, 3]) Assert.Equal(alone, Gradients(names, threads));
    }

    /// <summary>A walker at w* has the losses of w*: what was frozen and what is computed anew are the same.</summary>
    [Fact]
    public void WalkersAtTheTrainedWeights_HaveTheBaselineLoss()
    {
        Component[] components = [.. Kinds.Select(n => Component.Parse(n, Small))];
        using var engine = new LockStepEngine(Small, TinyModels.Weights(Small, 4), components, TinyModels.Contexts(Small, 5, 4));
        Walker<float>[] walkers = [.. components.Select((_, c) => new Walker<float>(c, 0, engine.CenterOf(c)))];
        var baseline = engine.Evaluate([3, 1], walkers);
        Assert.All(walkers, w => Assert.Equal(baseline, w.Loss, 1e-6 * baseline));
    }

    [Fact]
    public void SamplingAModelWithMlps_IsDoneInLockStepUnlessAutogradIsAskedFor()
    {
        IReadOnlyList<LossTrace> Sample(SamplingEngine engine)
        {
            var options = new SgldOptions { Chains = 2, Draws = 6, BurnIn = 0, BatchSize = 4, StepSize = 1e-5, Engine = engine };
            var sampler = new SgldSampler(Small, TinyModels.Weights(Small, 2), TinyModels.Contexts(Small, 8, 2));
            return sampler.Sample(["l0h1", "l1 mlp", "full"], options);
        }

        var (usual, inLockStep, byAutograd) =
            (Sample(SamplingEngine.Auto), Sample(SamplingEngine.LockStep), Sample(SamplingEngine.Autograd));

        Traces.AssertSame(inLockStep, usual);
        foreach (var (own, other) in usual.Zip(byAutograd))
        {
            Assert.NotEqual(other.Losses, own.Losses);
            Assert.Equal(other.Losses, own.Losses, (a, b) => Math.Abs(a - b) < 1e-4 * b);
        }
    }

    private static double[] Sums(ILossEngine<float> engine, int positions)
    {
        Walker<float>[] walkers =
        [
            .. Enumerable.Range(0, 5).Select(c => EngineAgreement.Displaced(new Walker<float>(c, 0, engine.CenterOf(c)), 3)),
        ];
        var baseline = engine.Evaluate([0], walkers);
        return [baseline * positions, .. walkers.Select(w => w.Loss * positions)];
    }

    private static List<float[]> Gradients(string[] names, int threads)
    {
        Component[] components = [.. names.Select(n => Component.Parse(n, Small))];
        using var engine = new LockStepEngine(
            Small, TinyModels.Weights(Small, 6), components, TinyModels.Contexts(Small, 7, 6), threads: threads);
        Walker<float>[] walkers = [.. components.Select((_, c) => Moved(new Walker<float>(c, 0, engine.CenterOf(c))))];
        engine.Evaluate([5, 2, 6], walkers);
        return [.. walkers.Select(w => (float[])[(float)w.Loss, .. w.Gradient])];
    }

    private static Walker<float> Moved(Walker<float> walker)
    {
        for (var i = 0; i < walker.Position.Length; i++) walker.Position[i] *= i % 2 == 0 ? 1.125f : 0.875f;
        return walker;
    }
}
