using MlNetRllc.Core.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Core.Model;

public sealed class AttentionOnlyTransformerTests
{
    private static readonly TransformerConfig Small = new()
    {
        VocabularySize = 11, ContextLength = 8, Layers = 2, Heads = 2, ModelWidth = 12, HeadWidth = 4, MlpWidth = 20,
    };

    [Fact]
    public void PaperShape_HasPaperParameterCount()
    {
        using var model = new AttentionOnlyTransformer(new());
        Assert.Equal(3_355_016, model.parameters().Sum(p => p.numel()));
    }

    [Theory, InlineData(true, true, 0), InlineData(false, false, 0), InlineData(true, false, 20)]
    public void Parameters_HaveTransformerLensNamesAndShapes(
        bool attentionBiases, bool unembeddingBias, int mlp)
    {
        var config = Small with { AttentionBiases = attentionBiases, UnembeddingBias = unembeddingBias, MlpWidth = mlp };
        using var model = new AttentionOnlyTransformer(config);
        Assert.Equal(
            WeightNames.Shapes(config).Select(w => $"{w.Name} {string.Join(',', w.Shape)}").Order(StringComparer.Ordinal),
            model.named_parameters().Select(p => $"{p.name} {string.Join(',', p.parameter.shape)}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void SameSeed_GivesSameWeights_WhateverTheGlobalState()
    {
        using var first = new AttentionOnlyTransformer(Small, seed: 3);
        using (rand(5)) { }
        using var second = new AttentionOnlyTransformer(Small, seed: 3);
        using var other = new AttentionOnlyTransformer(Small, seed: 4);
        Assert.Equal(first.ToWeights().Key, second.ToWeights().Key);
        Assert.NotEqual(first.ToWeights().Key, other.ToWeights().Key);
    }

    [Fact]
    public void AddedLayer_LeavesOtherStartingWeights()
    {
        using var two = new AttentionOnlyTransformer(Small);
        using var three = new AttentionOnlyTransformer(Small with { Layers = 3 });
        Assert.Equal(
            two.ToWeights()["blocks.1.attn.W_Q"].Values, three.ToWeights()["blocks.1.attn.W_Q"].Values);
    }

    [Fact]
    public void LoadedWeights_ComeBack()
    {
        using var source = new AttentionOnlyTransformer(Small, seed: 1);
        using var target = new AttentionOnlyTransformer(Small, seed: 2);
        target.Load(source.ToWeights());
        Assert.Equal(source.ToWeights().Key, target.ToWeights().Key);
    }

    [Fact]
    public void WeightsOfAnotherShape_AreRefusedByName()
    {
        using var source = new AttentionOnlyTransformer(Small with { HeadWidth = 3 });
        using var target = new AttentionOnlyTransformer(Small);
        var before = target.ToWeights().Key;
        var error = Assert.Throws<ArgumentException>(() => target.Load(source.ToWeights()));
        Assert.Contains("blocks.0.attn.W_Q", error.Message);
        Assert.Equal(before, target.ToWeights().Key);
    }

    [Fact]
    public void LaterToken_ChangesNoEarlierLogits()
    {
        using var scope = NewDisposeScope();
        using var model = new AttentionOnlyTransformer(Small, ScalarType.Float64);
        var logits = model.call(tensor(new long[,] { { 1, 2, 3, 4, 5 }, { 1, 2, 3, 4, 9 } }));
        Assert.True(logits[0, ..4].allclose(logits[1, ..4]));
        Assert.False(logits[0, 4].allclose(logits[1, 4]));
    }

    [Fact]
    public void ShiftedContext_WithoutPositions_KeepsLogits()
    {
        // Positions enter only through their table: with the table at zero the model sees order by
        // the causal mask alone.
        using var scope = NewDisposeScope();
        using var model = new AttentionOnlyTransformer(
            Small, ScalarType.Float64, initialization: new() { Position = 0 });
        var logits = model.call(tensor(new long[,] { { 1, 2, 3, 4 }, { 3, 2, 1, 4 } }));
        Assert.True(logits[0, 0].allclose(model.call(tensor(new long[,] { { 1 } }))[0, 0]));
        Assert.False(logits[0, 2].allclose(logits[1, 2]));
    }

    [Fact]
    public void LossInRowBlocks_EqualsLossOfLogits()
    {
        using var scope = NewDisposeScope();
        using var model = new AttentionOnlyTransformer(Small, ScalarType.Float64, seed: 5);
        var ids = arange(300 * 8).remainder(11).view(300, 8);
        var (predicted, targets) = (model.call(ids)[.., ..7].reshape(-1, 11), ids[.., 1..].reshape(-1));
        var whole = nn.functional.cross_entropy(predicted, targets, reduction: nn.Reduction.None);
        Assert.True(model.PerTokenLoss(ids).view(-1).allclose(whole, 1e-12, 1e-12));
    }

    [Fact]
    public void AttentionPatterns_AreCausalAndSumToOne()
    {
        using var scope = NewDisposeScope();
        using var model = new AttentionOnlyTransformer(Small, seed: 5);
        foreach (var pattern in model.AttentionPatterns(tensor(new long[,] { { 1, 2, 3, 4, 5, 6 } })))
        {
            Assert.Equal([1L, 2, 6, 6], pattern.shape);
            Assert.True(pattern.sum(-1).allclose(ones(1, 2, 6)));
            Assert.Equal(0f, pattern.triu(1).abs().max().item<float>());
        }
    }

    [Theory, InlineData(11), InlineData(-1)]
    public void TokenOutsideVocabulary_IsNamed(long token)
    {
        using var scope = NewDisposeScope();
        using var model = new AttentionOnlyTransformer(Small);
        var ids = tensor(new[,] { { 1, token } });
        var error = Assert.Throws<ArgumentException>(() => model.call(ids));
        Assert.Contains($"token id {token} ", error.Message);
    }

    [Fact]
    public void ContextLongerThanModel_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var model = new AttentionOnlyTransformer(Small);
        var error = Assert.Throws<ArgumentException>(() => model.PerTokenLoss(zeros(1, 9, ScalarType.Int64)));
        Assert.Contains("9 tokens", error.Message);
    }

    [Fact]
    public void IdsOfAnotherShape_AreRefused()
    {
        using var scope = NewDisposeScope();
        using var model = new AttentionOnlyTransformer(Small);
        Assert.Throws<ArgumentException>(() => model.call(zeros(3, ScalarType.Int64)));
        Assert.Throws<ArgumentException>(() => model.call(zeros(3, 3)));
        Assert.Throws<ArgumentException>(() => model.PerTokenLoss(zeros(3, 1, ScalarType.Int64)));
    }

    [Fact]
    public void HalfPrecision_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new AttentionOnlyTransformer(Small, ScalarType.Float16));

    [Fact]
    public void Calls_LeakNoTensor()
    {
        using var model = new AttentionOnlyTransformer(Small);
        using var scope = NewDisposeScope();
        var ids = zeros(2, 6, ScalarType.Int64);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (model.call(ids)) using (model.PerTokenLoss(ids)) { }
        foreach (var pattern in model.AttentionPatterns(ids)) pattern.Dispose();
        model.ToWeights();
        Assert.Equal(1, scope.DisposablesCount);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
