using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Tests.Core.Sampling;
using TorchSharp;

namespace MlNetRllc.Tests.Core.Heads;

public sealed class ActivationCacheTests
{
    private static readonly TransformerConfig Config = new()
    {
        VocabularySize = 11,
        ContextLength = 9,
        Layers = 2,
        Heads = 2,
        ModelWidth = 6,
        HeadWidth = 3,
        MlpWidth = 5,
    };

    [Fact]
    public void Cache_HoldsTheModelsOwnPass()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new AttentionOnlyTransformer(Config);
        model.Load(TinyModels.Weights(Config, 1));
        var ids = TinyModels.Contexts(Config, 3, 2).ToTensor(3);
        using var cache = ActivationCache.Record(model, ids);

        foreach (var (layer, pattern) in model.AttentionPatterns(ids).Index())
            Assert.True(pattern.allclose(cache[$"blocks.{layer}.attn.hook_pattern"]));
        var parts = cache["blocks.1.attn.hook_result"].sum(2) + model.Weights.Single(w => w.Name == "blocks.1.attn.b_O").Value;
        Assert.True(parts.allclose(cache["blocks.1.hook_attn_out"], 1e-4, 1e-5));
        Assert.Equal([3, 9, 2, 3], cache["blocks.0.attn.hook_z"].shape);
        var forward = new HeadwiseForward(model);
        Assert.True(forward.Logits(cache["blocks.1.hook_resid_post"].view(-1, 6)).view(3, 9, 11).allclose(model.forward(ids), 1e-4, 1e-5));
        Assert.True(forward.Losses(cache["blocks.1.hook_resid_post"], ids).allclose(model.PerTokenLoss(ids), 1e-4, 1e-5));
    }

    [Fact]
    public void UnknownName_IsRefusedWithThoseThereAre()
    {
        using var model = new AttentionOnlyTransformer(Config);
        using var ids = torch.zeros([1, 4], torch.int64);
        using var cache = ActivationCache.Record(model, ids);
        Assert.Contains(
            "hook_embed",
            Assert.Throws<KeyNotFoundException>(() => cache["hook_wrong"]).Message,
            StringComparison.Ordinal);
    }
}
