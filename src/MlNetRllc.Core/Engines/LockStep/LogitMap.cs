using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>
/// How rows of a sequence become logits: <c>logits_t = s_t (frozen_t + x_t Map) + Bias</c>, with
/// s_t the scale of the final LayerNorm.
/// </summary>
/// <remarks>
/// For a whole residual stream x_t is r_t [d_model] and Map is C = G - (column means of G),
/// G = diag(g) W_U, which takes the mean out of r_t. For last-layer heads x_t is the heads' outputs
/// z_t [heads x d_head] and Map is W_O C, of low rank (method: exact refinement).
/// </remarks>
internal unsafe struct LogitMap
{
    /// <summary>Width of x_t, padded.</summary>
    public int Inner;

    /// <summary>[inner, vocab], with rows <see cref="Stride"/> apart.</summary>
    public float* Map;

    /// <summary>Distance between the rows of <see cref="Map"/> and of blocks of logits.</summary>
    public int Stride;

    /// <summary>[vocab, inner].</summary>
    public float* Transposed;

    /// <summary>Per token, in units of log 2; very low for the padding of the vocabulary.</summary>
    public float* Bias;

    /// <summary><see cref="Map"/> in bfloat16, in pairs of rows; null where logits are computed in
    /// float32.</summary>
    public uint* MapPairs;

    /// <summary><see cref="Transposed"/> in bfloat16, in pairs of rows; null where gradients are
    /// computed in float32.</summary>
    public uint* TransposedPairs;

    /// <summary>Brings the bfloat16 copies up to date, where there are any.</summary>
    public readonly void RoundPairs(int vocabulary)
    {
        if (MapPairs != null) BFloat16.PairRows(Map, Stride, Inner, MapPairs, Stride, vocabulary);
        if (TransposedPairs != null)
            BFloat16.PairRows(Transposed, Inner, vocabulary, TransposedPairs, Inner, Inner);
    }
}
