using MlNetRllc.Core.Model;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>The transformer of tiny_transformer.json.</summary>
internal static class ReferenceTransformer
{
    public static readonly TransformerConfig Config = new()
    {
        VocabularySize = 50,
        ContextLength = 16,
        Layers = 2,
        Heads = 2,
        ModelWidth = 16,
        HeadWidth = 8,
        AttentionBiases = false,
        UnembeddingBias = false,
    };

    public static WeightSet Weights()
    {
        var weights = ReferenceData.Read("tiny_transformer.json").GetProperty("weights");
        return new(WeightNames.Shapes(Config).Select(shape => new Weight(shape.Name, shape.Shape,
            [.. weights.GetProperty(NameInReference(shape.Name)).Numbers("data").Select(v => (float)v)])));
    }

    // A WeightSet holds float32; the reference's four-decimal weights are exact only in float64.
    public static void LoadInDouble(AttentionOnlyTransformer model)
    {
        var weights = ReferenceData.Read("tiny_transformer.json").GetProperty("weights");
        using var frozen = no_grad();
        foreach (var (name, value) in model.Weights)
            value.copy_(tensor(weights.GetProperty(NameInReference(name)).Numbers("data")).view(value.shape));
    }

    public static string NameInReference(string name) => name
        .Replace("embed.W_E", "W_E", StringComparison.Ordinal)
        .Replace("pos_embed.W_pos", "W_pos", StringComparison.Ordinal).Replace("unembed.W_U", "W_U", StringComparison.Ordinal)
        .Replace("ln1.w", "ln.weight", StringComparison.Ordinal).Replace("ln1.b", "ln.bias", StringComparison.Ordinal)
        .Replace("ln_final.w", "ln_f.weight", StringComparison.Ordinal).Replace("ln_final.b", "ln_f.bias", StringComparison.Ordinal);
}
