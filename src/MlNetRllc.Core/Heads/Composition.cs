using MlNetRllc.Core.Model;
using MlNetRllc.Core.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Heads;

/// <summary>How strongly the weights of heads of successive layers fit together.</summary>
/// <remarks>
/// With W_OV = W_V W_O of the lower head and W_QK = W_Q W_K^T of the upper one (rows on the left),
/// Q-composition is |W_OV W_QK| / (|W_OV| |W_QK|) in Frobenius norms, K-composition the same with
/// W_QK^T, V-composition with the upper head's W_OV (Elhage et al. 2021, "A mathematical framework
/// for transformer circuits"). Weights are taken as they stand: LayerNorm's gain is not folded in.
/// Nothing as large as d_model x d_model is formed: |A M B^T|^2 = sum of M * (A^T A) M (B^T B), M
/// being d_head x d_head. A head whose weights are zero composes with nothing: 0.
/// </remarks>
internal static class Composition
{
    /// <summary>Ratios between the heads of <paramref name="layer"/> - 1 (first index: reading
    /// head; second: the head below).</summary>
    public static (double[][] Q, double[][] K, double[][] V) Between(HeadwiseForward forward, int layer)
    {
        using var scope = NewDisposeScope();
        Tensor Of(int l, string name) => forward[WeightNames.Attention(l, name)].detach().to(ScalarType.Float64);
        // V is [head, d_model, d_head] and O [head, d_head, d_model].
        var (v1, o1) = (Of(layer - 1, "W_V"), Of(layer - 1, "W_O"));
        var (q2, k2, v2, o2) = (Of(layer, "W_Q"), Of(layer, "W_K"), Of(layer, "W_V"), Of(layer, "W_O"));
        var value = Gram(v1); // [head, d_head, d_head]
        var (query, key, read, written) = (Gram(q2), Gram(k2), Gram(v2), o2.bmm(o2.transpose(1, 2)));
        var lower = (value * o1.bmm(o1.transpose(1, 2))).sum([1L, 2L]).clamp(min: Scalars.Kept(0)).sqrt(); // |W_OV|, [head]
        var pattern = (query * key).sum([1L, 2L]).clamp(min: Scalars.Kept(0)).sqrt(); // |W_QK|, [head]
        var upper = (read * written).sum([1L, 2L]).clamp(min: Scalars.Kept(0)).sqrt(); // |W_OV|, [head]
        return (
            Q: Ratios(value, o1, q2, key, lower, pattern),
            K: Ratios(value, o1, k2, query, lower, pattern),
            V: Ratios(value, o1, v2, written, lower, upper));
    }

    private static Tensor Gram(Tensor w) => w.transpose(1, 2).bmm(w);

    private static double[][] Ratios(
        Tensor left,
        Tensor o1,
        Tensor into,
        Tensor right,
        Tensor lower,
        Tensor upper)
    {
        var (heads, width) = (o1.shape[0], o1.shape[1]);
        var ratios = new double[heads][];
        for (var reader = 0; reader < heads; reader++)
        {
            using var scope = NewDisposeScope();
            var m = o1.bmm(into.select(0, reader).expand(heads, -1, -1)); // [head below, d_head, d_head]
            var outer = left.bmm(m).bmm(right.select(0, reader).expand(heads, width, width)); // [head below, d_head, d_head]
            var norm = (m * outer).sum([1L, 2L]).clamp(min: Scalars.Kept(0)).sqrt() / (lower * upper.select(0, reader));
            ratios[reader] = [.. norm.data<double>().ToArray().Select(r => double.IsFinite(r) ? r : 0)];
        }
        return ratios;
    }
}
