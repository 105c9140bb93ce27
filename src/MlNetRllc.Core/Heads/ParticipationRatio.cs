using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Heads;

/// <summary>How many directions a cloud of points takes: (tr C)^2 / tr(C^2) of its covariance C, from 1 (a line) to the number of
/// dimensions (alike in all), after Gao et al. 2017 (bioRxiv 214262).</summary>
public static class ParticipationRatio
{
    /// <summary>Of points as rows.</summary>
    /// <param name="points">[point][dimension], in any unit: the ratio has none.</param>
    /// <returns>NaN where the points do not vary, or are fewer than 2.</returns>
    /// <exception cref="ArgumentException">Rows of different lengths.</exception>
    public static double OfPoints(IReadOnlyList<double[]> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count < 2) return double.NaN;
        var width = points[0].Length;
        if (points.FirstOrDefault(p => p.Length != width) is { } other)
            throw new ArgumentException($"The points have {width} and {other.Length} dimensions; all need as many.", nameof(points));
        Native.TorchNative.EnsureLoaded();
        using var scope = NewDisposeScope();
        var rows = tensor(points.SelectMany(p => p).ToArray(), [points.Count, width]); // [point, dimension]
        return OfProduct(Covariance(rows));
    }

    /// <summary>Of what a head adds to the stream, z W_O.</summary>
    /// <remarks>With C the covariance of z and G = W_O W_O^T, of one width d_head, the covariance W_O^T C W_O of the output has the
    /// traces of C G and of its square.</remarks>
    /// <param name="z">Its mixed values, [batch, pos, d_head]; the last position predicts nothing and is left out.</param>
    /// <param name="output">Its W_O, [d_head, d_model].</param>
    internal static double OfOutput(Tensor z, Tensor output)
    {
        using var scope = NewDisposeScope();
        var rows = z.narrow(1, 0, z.shape[1] - 1).reshape(-1, z.shape[2]).to(ScalarType.Float64); // [batch * (pos - 1), d_head]
        var w = output.to(ScalarType.Float64); // [d_head, d_model]
        return OfProduct(Covariance(rows).mm(w.mm(w.t())));
    }

    private static Tensor Covariance(Tensor rows)
    {
        var apart = rows - rows.mean([0L], keepdim: true);
        return apart.t().mm(apart); // [dimension, dimension], times the number of points, which the ratio does not know
    }

    private static double OfProduct(Tensor product)
    {
        var trace = product.trace().item<double>();
        return trace * trace / product.mm(product).trace().item<double>();
    }
}
