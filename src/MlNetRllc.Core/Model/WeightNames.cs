namespace MlNetRllc.Core.Model;

/// <summary>TransformerLens names of the weights of a <see cref="TransformerConfig"/>, with their
/// shapes.</summary>
public static class WeightNames
{
    /// <summary>Token embedding, [vocab, d_model].</summary>
    public const string Embed = "embed.W_E";

    /// <summary>Position table, [pos, d_model]; added to the inputs of Q and K only.</summary>
    public const string Position = "pos_embed.W_pos";

    /// <summary>Gain of the final LayerNorm, [d_model].</summary>
    public const string FinalGain = "ln_final.w";

    /// <summary>Bias of the final LayerNorm, [d_model].</summary>
    public const string FinalBias = "ln_final.b";

    /// <summary>Unembedding, [d_model, vocab].</summary>
    public const string Unembed = "unembed.W_U";

    /// <summary>Bias of the unembedding, [vocab].</summary>
    public const string UnembedBias = "unembed.b_U";

    /// <summary>A weight of a block's attention, such as <c>blocks.0.attn.W_Q</c>.</summary>
    /// <param name="layer">Block, from 0.</param>
    /// <param name="name">W_Q, W_K, W_V ([head, d_model, d_head]), W_O ([head, d_head, d_model]),
    /// b_Q, b_K, b_V ([head, d_head]) or b_O ([d_model]).</param>
    public static string Attention(int layer, string name) => $"blocks.{layer}.attn.{name}";

    /// <summary>A weight of a block's LayerNorm, such as <c>blocks.0.ln1.w</c> (ln1 before
    /// attention, ln2 before the MLP).</summary>
    public static string Norm(int layer, string norm, string name) => $"blocks.{layer}.{norm}.{name}";

    /// <summary>A weight of a block's MLP: W_in [d_model, d_mlp], b_in [d_mlp], W_out [d_mlp,
    /// d_model], b_out [d_model].</summary>
    public static string Mlp(int layer, string name) => $"blocks.{layer}.mlp.{name}";

    /// <summary>Every weight of a model, in canonical order: embedding, positions, blocks from
    /// below, final norm, unembedding.</summary>
    public static IEnumerable<(string Name, int[] Shape)> Shapes(TransformerConfig config)
    {
        var (vocab, pos, head, d_model, d_head) =
            (config.VocabularySize, config.ContextLength, config.Heads, config.ModelWidth, config.HeadWidth);
        yield return (Embed, [vocab, d_model]);
        yield return (Position, [pos, d_model]);
        for (var layer = 0; layer < config.Layers; layer++)
        {
            yield return (Norm(layer, "ln1", "w"), [d_model]);
            yield return (Norm(layer, "ln1", "b"), [d_model]);
            foreach (var name in (string[])["W_Q", "W_K", "W_V"])
                yield return (Attention(layer, name), [head, d_model, d_head]);
            yield return (Attention(layer, "W_O"), [head, d_head, d_model]);
            if (config.AttentionBiases)
            {
                foreach (var name in (string[])["b_Q", "b_K", "b_V"])
                    yield return (Attention(layer, name), [head, d_head]);
                yield return (Attention(layer, "b_O"), [d_model]);
            }
            if (config.MlpWidth == 0) continue;
            yield return (Norm(layer, "ln2", "w"), [d_model]);
            yield return (Norm(layer, "ln2", "b"), [d_model]);
            yield return (Mlp(layer, "W_in"), [d_model, config.MlpWidth]);
            yield return (Mlp(layer, "b_in"), [config.MlpWidth]);
            yield return (Mlp(layer, "W_out"), [config.MlpWidth, d_model]);
            yield return (Mlp(layer, "b_out"), [d_model]);
        }
        yield return (FinalGain, [d_model]);
        yield return (FinalBias, [d_model]);
        yield return (Unembed, [d_model, vocab]);
        if (config.UnembeddingBias) yield return (UnembedBias, [vocab]);
    }
}
