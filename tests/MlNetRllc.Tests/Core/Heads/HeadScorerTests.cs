using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Tests.Core.Sampling;
using TorchSharp;

namespace MlNetRllc.Tests.Core.Heads;

public sealed class HeadScorerTests
{
    private static readonly TransformerConfig Config = new()
    {
        VocabularySize = 13,
        ContextLength = 24,
        Layers = 2,
        Heads = 3,
        ModelWidth = 12,
        HeadWidth = 3,
    };

    private static readonly Lazy<HeadScores> Induction = new(() =>
        new HeadScorer(InductionModel.Repeating(16)).Score(InductionModel.Config, InductionModel.Weights));

    [Fact]
    public void HandBuiltHeads_ScoreOneAndTheOthersChance()
    {
        var (heads, chance) = (Induction.Value.Heads, Induction.Value.Chance);
        Assert.InRange(heads[0].PreviousToken, 0.99, 1);
        Assert.InRange(heads[1].CurrentToken, 0.99, 1);
        Assert.InRange(heads[4].PrefixMatching, 0.95, 1);
        foreach (var idle in heads.Where(h => h.Head >= 2))
        {
            Assert.Equal(chance.LastToken, idle.PreviousToken, 6);
            Assert.Equal(chance.LastToken, idle.CurrentToken, 6);
            Assert.Equal(chance.PrefixMatching, idle.PrefixMatching, 6);
        }
    }

    [Fact]
    public void HandBuiltInduction_NeedsItsTwoHeadsThePathBetweenThemAndPositions()
    {
        var scores = Induction.Value;
        var (previous, reader) = (scores.Heads[0], scores.Heads[4]);
        Measured[] changes =
        [
            previous.ZeroAblation, previous.MeanAblation, previous.ResampleAblation, previous.PositionAblation,
            reader.ZeroAblation, reader.MeanAblation, reader.ResampleAblation,
            scores.Model.PositionAblation,
        ];
        Assert.All(changes, change => Assert.True(change.Value > 0.5 && change.StdErr < 0.3));
        Assert.True(reader.PathAblation[0] > 0.5);
        Assert.All(reader.PathAblation.Skip(1), change => Assert.Equal(0, change, 5));
        Assert.True(scores.Model.InContextLearning.Value < -0.5);
        Assert.Empty(previous.PathAblation);
    }

    [Fact]
    public void HandBuiltInduction_ComposesThroughItsKeys()
    {
        var reader = Induction.Value.Heads[4];
        Assert.Equal(1 / Math.Sqrt(20), reader.KComposition[0], 6);
        Assert.Equal(0, reader.QComposition[0], 6);
        Assert.Equal(0, reader.VComposition[0], 6);
    }

    [Fact]
    public void ZeroAblation_IsTheLossWithoutTheHeadsOutputWeights()
    {
        var (weights, contexts) = (TinyModels.Weights(Config, 1), TinyModels.Contexts(Config, 5, 2));
        var scores = new HeadScorer(contexts, new() { AblationContexts = 5 }).Score(Config, weights);
        foreach (var head in scores.Heads)
        {
            var name = WeightNames.Attention(head.Layer, "W_O");
            var without = Changed(weights, name, (values, i) => i / (3 * 12) == head.Head ? 0 : values[i]);
            Assert.Equal(Loss(without, contexts) - Loss(weights, contexts), head.ZeroAblation.Value, 4);
        }
    }

    [Theory, InlineData(3), InlineData(4)]
    public void LastLayersLosses_AreTheSameByLowRankAndInFull(int headWidth)
    {
        var config = Config with { HeadWidth = headWidth };
        using var scope = torch.NewDisposeScope();
        using var ungraded = torch.no_grad();
        using var model = new AttentionOnlyTransformer(config);
        model.Load(TinyModels.Weights(config, 3));
        var forward = new HeadwiseForward(model);
        var ids = TinyModels.Contexts(config, 4, 2).ToTensor(4);
        Assert.Equal(headWidth == 3, LowRankUnembedding.Serves(config, ids));
        var final = forward.Continue(0, forward.Embed(ids), forward.Positions(24));
        using var low = new LowRankUnembedding(forward, final, ids);
        var change = forward.Mixed(1, final, forward.Positions(24)).select(1, 2);
        var full = forward.Losses(final + forward.WriteOf(1, 2, change), ids);
        Assert.True(full.allclose(low.Losses(change, forward["blocks.1.attn.W_O"].select(0, 2)), 1e-4, 1e-5));
    }

    [Fact]
    public void PositionAblation_IsTheLossWithTheTablesMeanRow()
    {
        var (weights, contexts) = (TinyModels.Weights(Config, 1), TinyModels.Contexts(Config, 5, 2));
        var scores = new HeadScorer(contexts).Score(Config, weights);
        var mean = Changed(
            weights,
            WeightNames.Position,
            (values, i) => Enumerable.Range(0, 24).Average(p => values[p * 12 + i % 12]));
        Assert.Equal(Loss(mean, contexts) - Loss(weights, contexts), scores.Model.PositionAblation.Value, 4);
    }

    [Fact]
    public void PositionAblationOfTheOnlyHead_IsThatOfTheModel()
    {
        var one = Config with { Layers = 1, Heads = 1 };
        var scores = new HeadScorer(TinyModels.Contexts(one, 5, 2)).Score(one, TinyModels.Weights(one, 1));
        Assert.Equal(scores.Model.PositionAblation.Value, scores.Heads[0].PositionAblation.Value, 6);
    }

    [Fact]
    public void Composition_IsTheRatioOfWholeMatrices()
    {
        var weights = TinyModels.Weights(Config, 4);
        var scores = new HeadScorer(TinyModels.Contexts(Config, 2, 2)).Score(Config, weights);
        using var scope = torch.NewDisposeScope();
        torch.Tensor Of(int layer, string name, int head)
        {
            var weight = weights[WeightNames.Attention(layer, name)];
            return torch.tensor(weight.Values).view([.. weight.Shape.Select(d => (long)d)])[head].to(torch.float64);
        }
        double Ratio(torch.Tensor a, torch.Tensor b) => (a.mm(b).norm() / (a.norm() * b.norm())).item<double>();
        for (var reader = 0; reader < 3; reader++)
            for (var below = 0; below < 3; below++)
            {
                var ov = Of(0, "W_V", below).mm(Of(0, "W_O", below));
                var qk = Of(1, "W_Q", reader).mm(Of(1, "W_K", reader).t());
                var head = scores.Heads[3 + reader];
                Assert.Equal(Ratio(ov, qk), head.QComposition[below], 9);
                Assert.Equal(Ratio(ov, qk.t()), head.KComposition[below], 9);
                Assert.Equal(
                    Ratio(ov, Of(1, "W_V", reader).mm(Of(1, "W_O", reader))),
                    head.VComposition[below],
                    9);
            }
    }

    [Fact]
    public void EvenPrediction_ScoresTheVocabularyOnBigrams_BesideTheirEntropy()
    {
        var contexts = TinyModels.Contexts(Config, 6, 2);
        var even = TinyModels.Weights(Config, 1);
        foreach (var name in (string[])[WeightNames.Unembed, WeightNames.UnembedBias])
            even = Changed(even, name, (_, _) => 0);
        var score = new HeadScorer(contexts).Score(Config, even).Model;
        Assert.Equal(Math.Log(13), score.BigramCrossEntropy, 5);
        Assert.Equal(NGramEntropy.Measure(contexts).Bigram, score.BigramEntropy, 6);
        Assert.Equal(Math.Log(13), score.Loss.Value, 5);
        Assert.Equal(0, score.InContextLearning.Value, 5);
    }

    [Fact]
    public void BigramsOfAnotherText_AreComparedWhereItKnowsTheToken()
    {
        var contexts = new ContextSet("seen", Enumerable.Range(0, 24).Select(i => i % 4).ToArray(), 24);
        var half = new ContextSet("half", new[] { 0, 1 }, 2);   // Only 0 has a successor: always 1.
        var score = new HeadScorer(contexts, text: half).Score(Config, TinyModels.Weights(Config, 1)).Model;
        Assert.Equal(0, score.BigramEntropy);
        Assert.True(score.BigramCrossEntropy > 0);
        var foreign = new HeadScorer(contexts, text: new("foreign", new[] { 9, 9 }, 2)).Score(Config, TinyModels.Weights(Config, 1)).Model;
        Assert.True(double.IsNaN(foreign.BigramCrossEntropy) && double.IsFinite(foreign.Loss.Value));
    }

    [Theory]
    [InlineData(0, 11)]
    [InlineData(9, 9)]
    [InlineData(12, 9)]
    public void RandomTokens_AreAllThatStandForSomething_ButBos(int bos, int last)
    {
        string[] texts = [.. Enumerable.Range(0, 13).Select(id => id == bos ? "<|bos|>" : id <= last ? "a" : "")];
        var drawn = ProbeSequences.Drawn(13, bos, texts);
        var expected = Enumerable.Range(0, last + 1).Where(id => id != bos).Select(id => (long)id).ToList();
        Assert.Equal(expected.Count, drawn);
        var onLast = ProbeSequences.LastToken(Config, bos, drawn, new());
        var onPlanted = ProbeSequences.PlantedTwice(Config, bos, drawn, new());
        foreach (var probes in (ProbeSequences[])[onLast, onPlanted])
        {
            Assert.Equal(expected, probes.Tokens.Where((_, i) => i % probes.Length > 0).Distinct().Order());
            Assert.All(probes.Tokens.Chunk(probes.Length), sequence => Assert.Equal(bos, sequence[0]));
        }
    }

    [Fact]
    public void WholeVocabulary_IsDrawnFrom_WhereNothingIsPadding()
    {
        Assert.Equal(12, ProbeSequences.Drawn(13, 12, [.. Enumerable.Repeat("a", 13)]));
        Assert.Equal(12, ProbeSequences.Drawn(13, 12, null));
    }

    [Fact]
    public void NGramScore_IsTheLossOnTheLastTokenAgainstTheSameIndex()
    {
        // Tokens 0 and 1 make the text's only word of two tokens; 2 separates.
        int[] row = [2, 0, 1, 2, 0, 1, 2, 2, 2, 0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2];
        var contexts = new ContextSet("words", row, 24);
        var weights = TinyModels.Weights(Config, 7);
        var scores = new HeadScorer(contexts, tokenTexts: [" al", "so", "."]).Score(Config, weights);
        using var scope = torch.NewDisposeScope();
        using var model = new AttentionOnlyTransformer(Config);
        model.Load(weights);
        var word = model.PerTokenLoss(torch.tensor(new long[] { 12, 0, 1 }, [1, 3]))[0, 1].item<float>();
        var text = model.PerTokenLoss(torch.tensor(row.Select(t => (long)t).ToArray(), [1, 24]))[0, 1].item<float>();
        Assert.Equal(word - text, scores.Model.NGrams[0], 4);
        Assert.Contains(scores.Notes, note => note.Contains("words of 3 tokens", StringComparison.Ordinal));
        Assert.True(double.IsNaN(scores.Model.NGrams[1]));
    }

    [Fact]
    public void ContextShorterThanAttentionScoresNeed_GivesNaNAndSaysSo()
    {
        var config = Config with { ContextLength = 12 };
        var scores = new HeadScorer(TinyModels.Contexts(config, 4, 2)).Score(config, TinyModels.Weights(config, 1));
        Assert.All(scores.Heads, head => Assert.True(double.IsNaN(head.PreviousToken)));
        Assert.All(scores.Heads, head => Assert.True(double.IsNaN(head.PrefixMatching)));
        Assert.All(scores.Heads, head => Assert.True(double.IsFinite(head.ZeroAblation.Value)));
        Assert.Contains(
            scores.Notes,
            note => note.Contains("need a context of 16 tokens; the model's is 12", StringComparison.Ordinal));
    }

    [Fact]
    public void SingleContext_CannotBeResampled_AndSaysSo()
    {
        var scores = new HeadScorer(TinyModels.Contexts(Config, 1, 2)).Score(Config, TinyModels.Weights(Config, 1));
        Assert.All(scores.Heads, head => Assert.True(double.IsNaN(head.ResampleAblation.Value)));
        Assert.All(scores.Heads, head => Assert.True(double.IsFinite(head.MeanAblation.Value)));
        Assert.Contains(scores.Notes, note => note.Contains("needs 2 contexts", StringComparison.Ordinal));
    }

    [Fact]
    public void TokensOutsideTheVocabulary_AreRefused()
    {
        var scorer = new HeadScorer(new ContextSet("foreign", Enumerable.Repeat(99, 24).ToArray(), 24));
        var error = Assert.Throws<ArgumentException>(() => scorer.Score(Config, TinyModels.Weights(Config, 1)));
        Assert.Contains("99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SameSeed_GivesTheSameScores_AndThreeLayersWithMlpsAreScored()
    {
        var config = Config with { Layers = 3, MlpWidth = 8 };
        var scorer = new HeadScorer(TinyModels.Contexts(config, 4, 2));
        var (first, second) = (scorer.Score(config, TinyModels.Weights(config, 1)), scorer.Score(config, TinyModels.Weights(config, 1)));
        Assert.Equal(9, first.Heads.Count);
        Assert.Equal(first.Heads.SelectMany(Numbers), second.Heads.SelectMany(Numbers));
        Assert.All(first.Heads.SelectMany(Numbers), n => Assert.True(double.IsFinite(n)));
    }

    private static IEnumerable<double> Numbers(HeadScore h) =>
        [
            h.PreviousToken, h.CurrentToken, h.PrefixMatching,
            h.ZeroAblation.Value, h.MeanAblation.Value, h.ResampleAblation.Value, h.PositionAblation.Value,
            .. h.QComposition, .. h.KComposition, .. h.VComposition, .. h.PathAblation,
        ];

    private static double Loss(WeightSet weights, ContextSet contexts)
    {
        using var scope = torch.NewDisposeScope();
        using var model = new AttentionOnlyTransformer(Config);
        model.Load(weights);
        return model.PerTokenLoss(contexts.ToTensor(contexts.Count)).mean().item<float>();
    }

    private static WeightSet Changed(WeightSet weights, string name, Func<float[], int, float> value) => new(weights.Select(w =>
        w.Name == name ? w with { Values = [.. Enumerable.Range(0, w.Values.Length).Select(i => value(w.Values, i))] } : w));
}
