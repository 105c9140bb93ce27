namespace MlNetRllc.Core.Sampling.LockStep;

/// <summary>
/// How rows of a sequence become logits: <c>logits_t = s_t (frozen_t + x_t Map) + Bias</c>, with s_t the scale of the final LayerNorm.
/// </summary>
/// <remarks>
/// For a whole residual stream x_t is r_t [d_model] and Map is C = G - (column means of G), G = diag(g) W_U, which takes the mean out of r_t.
/// For last-layer heads x_t is the heads' outputs z_t [heads x d_head] and Map is W_O C, of low rank (method: exact refinement).
/// </remarks>
internal readonly unsafe struct LogitMap(int inner, float* map, int stride, float* transposed, float* bias)
{
    /// <summary>Width of x_t, padded.</summary>
    public readonly int Inner = inner;

    /// <summary>[inner, vocab], with rows <see cref="Stride"/> apart.</summary>
    public readonly float* Map = map;

    /// <summary>Distance between the rows of <see cref="Map"/> and of blocks of logits.</summary>
    public readonly int Stride = stride;

    /// <summary>[vocab, inner].</summary>
    public readonly float* Transposed = transposed;

    /// <summary>Per token, in units of log 2; very low for the padding of the vocabulary.</summary>
    public readonly float* Bias = bias;
}
