using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Model;

/// <summary>The shape of a transformer, attention-only or with MLPs; the defaults are the paper's two-layer
/// attention-only model.</summary>
/// <remarks>
/// Architecture (arXiv 2410.02984, section 4): pre-LayerNorm blocks <c>x + Attn(LN(x))</c> (where
/// <see cref="MlpWidth"/> is not 0, then <c>x + MLP(LN(x))</c> with the exact GELU), a final
/// LayerNorm before an untied unembedding, and Shortformer positions: one table, added after
/// LayerNorm to the inputs of Q and K in every layer, never to V or to the residual stream.
/// </remarks>
public sealed record TransformerConfig
{
    /// <summary>Number of tokens (<c>vocab</c>).</summary>
    [Description("number of tokens in the vocabulary"), Range(2, 1 << 20)]
    public int VocabularySize { get; init; } = 5000;

    /// <summary>Longest context, in tokens (<c>pos</c>).</summary>
    [Description("longest context, in tokens"), Range(2, 1 << 16)]
    public int ContextLength { get; init; } = 1024;

    /// <summary>Number of blocks.</summary>
    [Description("number of blocks"), Range(1, 64)]
    public int Layers { get; init; } = 2;

    /// <summary>Heads in each layer (<c>head</c>).</summary>
    [Description("attention heads in each layer"), Range(1, 256)]
    public int Heads { get; init; } = 8;

    /// <summary>Width of the residual stream (<c>d_model</c>).</summary>
    [Description("width of the residual stream"), Range(1, 1 << 14)]
    public int ModelWidth { get; init; } = 256;

    /// <summary>Width of one head (<c>d_head</c>).</summary>
    [Description("width of one head"), Range(1, 1 << 12)]
    public int HeadWidth { get; init; } = 32;

    /// <summary>Hidden width of an optional MLP in each block (<c>d_mlp</c>, GELU); 0 means
    /// attention only.</summary>
    [Description("hidden width of each block's MLP; 0 means attention only"), Range(0, 1 << 16)]
    public int MlpWidth { get; init; }

    /// <summary>Whether Q, K, V and O have biases.</summary>
    [Description("whether Q, K, V and O have biases")]
    public bool AttentionBiases { get; init; } = true;

    /// <summary>Whether the unembedding has a bias.</summary>
    [Description("whether the unembedding has a bias")]
    public bool UnembeddingBias { get; init; } = true;

    /// <summary>Added to the variance in every LayerNorm.</summary>
    [Description("added to the variance in every LayerNorm"), Range(1e-12, 1.0)]
    public double LayerNormEpsilon { get; init; } = 1e-5;

    /// <summary>Number of weights; 3,355,016 for the defaults.</summary>
    public long ParameterCount =>
        WeightNames.Shapes(this.Validated()).Sum(w => w.Shape.Aggregate(1L, (n, d) => n * d));
}
