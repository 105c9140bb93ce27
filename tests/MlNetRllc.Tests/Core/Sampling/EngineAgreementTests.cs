using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>The lock-step engine gives the losses and gradients of autograd, for every kind of
/// component.</summary>
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
    public void OneComponent_MatchesAutograd(string component) =>
        EngineAgreement.Check(Small, [component], chains: 2);

    [Fact]
    public void AllHeadsTogether_MatchAutograd() =>
        EngineAgreement.Check(Small, [.. Component.Expand("heads", Small)], chains: 3);

    [Fact]
    public void DivergenceFromAReference_MatchesAutograd() =>
        EngineAgreement.Check(
            Small,
            ["l0h1", "l1h2", "full"],
            chains: 2,
            reference: Small with { Layers = 1, ModelWidth = 16, Heads = 2 });

    /// <summary>bfloat16 keeps 8 bits: gradients agree to about 2^-8, and losses far better, since
    /// w*'s own logits are exact.</summary>
    [Theory]
    [InlineData("l0h1")]
    [InlineData("l1h2")]
    [InlineData("l1h0+l1h2")]
    [InlineData("pos")]
    [InlineData("full")]
    public void BFloat16Products_StayCloseToAutograd(string component) =>
        EngineAgreement.Check(
            Small with { VocabularySize = 301, ContextLength = 60 },
            [component],
            chains: 2,
            precision: ProductPrecision.BFloat16);

    [Theory]
    [InlineData("l0h1")]
    [InlineData("l1h2")]
    public void BFloat16AtTheTrainedWeights_GivesTheBaselineLoss(string component)
    {
        if (!BFloat16.IsSupported) return;
        using var engine = new LockStepEngine(
            Small,
            TinyModels.Weights(Small, 3),
            [Component.Parse(component, Small)],
            TinyModels.Contexts(Small, 4, 3),
            precision: ProductPrecision.BFloat16);
        var walker = new Walker<float>(0, 0, engine.CenterOf(0));

        var baseline = engine.Evaluate([0, 2], [walker]);

        Assert.Equal(baseline, walker.Loss, 1e-6 * baseline);
    }

    /// <summary>One row of a matrix is not a vector: kernels read sixteen of it.</summary>
    [Theory, InlineData(24, 1), InlineData(5, 1)]
    public void NarrowestShapes_MatchAutograd(int modelWidth, int headWidth)
    {
        var narrow = Small with
        {
            ModelWidth = modelWidth,
            HeadWidth = headWidth,
            Heads = 4,
            AttentionBiases = true,
            UnembeddingBias = true,
        };
        EngineAgreement.Check(narrow, [.. Component.Expand("heads", narrow), "full", "embed", "unembed"], chains: 2);
    }

    /// <summary>A LayerNorm over one value gives its bias, whatever the value: the loss is the
    /// unembedding's, and no other weight has a gradient.</summary>
    [Theory, InlineData(1), InlineData(8)]
    public void ModelOfWidthOne_HasTheLossOfAutogradAndNoGradients(int headWidth)
    {
        var narrow = Small with { ModelWidth = 1, HeadWidth = headWidth };
        var (weights, contexts) = (TinyModels.Weights(narrow, 1), TinyModels.Contexts(narrow, count: 7, 1));
        Component[] heads = [Component.Parse("l0h1", narrow)];
        using var lockStep = new LockStepEngine(narrow, weights, heads, contexts);
        using var autograd = new LanguageModelAutogradEngine(narrow, weights, heads, contexts, reference: null);
        var walker = new Walker<float>(0, 0, lockStep.CenterOf(0));
        Assert.Equal(autograd.Evaluate([4, 0], []), lockStep.Evaluate([4, 0], [walker]), 1e-5);
        Assert.All(walker.Gradient, g => Assert.InRange(g, -1e-5f, 1e-5f));
    }

    /// <summary>Forty shapes. Narrow LayerNorms amplify rounding, hence the wider tolerance.</summary>
    [Fact]
    public void RandomShapes_MatchAutograd()
    {
        var random = NamedRandom.Stream("shapes");
        for (var i = 0ul; i < 40; i++)
        {
            int Draw(int least, int most, ulong what) => least + random.Integer(most - least + 1, i, what);
            var biases = Draw(0, 1, 6) == 1;
            var config = new TransformerConfig
            {
                Layers = Draw(1, 3, 0),
                Heads = Draw(1, 4, 1),
                ModelWidth = Draw(3, 40, 2),
                HeadWidth = Draw(2, 20, 3),
                VocabularySize = Draw(5, 130, 4),
                ContextLength = Draw(3, 40, 5),
                AttentionBiases = biases,
                UnembeddingBias = biases,
            };
            var names = Component.Names(config).ToList();
            string[] some = [names[Draw(0, names.Count - 1, 7)], $"l{config.Layers - 1}h{config.Heads - 1}"];
            EngineAgreement.Check(config, some, chains: 2, seed: (int)i, slack: 5);
        }
    }

    /// <summary>A walker that has run away has logits whose exponentials, less the log-sum-exp of w*, no float32 holds.</summary>
    [Theory, InlineData(80), InlineData(100), InlineData(200), InlineData(500), InlineData(10_000)]
    public void LogitsFarBeyondThoseOfTheCentre_HaveAutogradsLoss(float bias)
    {
        var (weights, contexts) = (TinyModels.Weights(Small, 3), TinyModels.Contexts(Small, count: 4, 3));
        Component[] unembedding = [Component.Parse("unembed", Small)];
        using var lockStep = new LockStepEngine(Small, weights, unembedding, contexts);
        using var autograd = new LanguageModelAutogradEngine(Small, weights, unembedding, contexts, reference: null);
        var (own, their) = (new Walker<float>(0, 0, lockStep.CenterOf(0)), new Walker<float>(0, 0, lockStep.CenterOf(0)));
        own.Position[^3] = their.Position[^3] = bias; // of a token in b_U
        lockStep.Evaluate([1, 3], [own]);
        autograd.Evaluate([1, 3], [their]);
        Assert.Equal(their.Loss, own.Loss, 1e-5 * their.Loss);
    }
}
