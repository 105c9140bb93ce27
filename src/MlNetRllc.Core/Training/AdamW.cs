using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Training;

/// <summary>AdamW in one pass over weight, gradient and both moments, in place (Loshchilov and
/// Hutter, arXiv 1711.05101, Algorithm 2).</summary>
/// <remarks>
/// <c>w -= rate WeightDecay w; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= rate
/// m^ / (sqrt(v^) + eps)</c> with m^ and v^ divided by 1 - b^t, as PyTorch's AdamW.
/// </remarks>
internal sealed class AdamW(TrainingOptions options, IEnumerable<int> sizes)
{
    /// <summary>First and second moments of each weight array.</summary>
    public (float[] Mean, float[] Square)[] Moments { get; } = [.. sizes.Select(n => (new float[n], new float[n]))];

    /// <summary>What a gradient is multiplied with so that its norm is at most the limit, as in
    /// PyTorch's clip_grad_norm_.</summary>
    public static float ClipFactor(double squaredNorm, double limit) =>
        limit == 0 ? 1 : (float)Math.Min(1, limit / (Math.Sqrt(squaredNorm) + 1e-6));

    /// <summary>Moves one weight array.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="weight">Its values, changed in place.</param>
    /// <param name="gradient">Gradient, before <paramref name="scale"/>.</param>
    /// <param name="scale">Multiplies the gradient (clipping).</param>
    /// <param name="step">Steps done before this one.</param>
    public void Update(int index, Span<float> weight, ReadOnlySpan<float> gradient, float scale, int step)
    {
        var (mean, square) = Moments[index];
        var rate = options.LearningRateAt(step);
        var keep = (float)(1 - rate * options.WeightDecay);
        var (beta1, beta2) = ((float)options.Beta1, (float)options.Beta2);
        var (rest1, rest2) = ((float)(1 - options.Beta1), (float)(1 - options.Beta2));
        var stride = (float)(rate / (1 - ScalarFunctions.Power(options.Beta1, step + 1L)));
        var root = (float)(1 / Math.Sqrt(1 - ScalarFunctions.Power(options.Beta2, step + 1L)));
        var epsilon = (float)options.Epsilon;

        var whole = weight.Length - weight.Length % Vector<float>.Count;
        var w = MemoryMarshal.Cast<float, Vector<float>>(weight[..whole]);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient[..whole]);
        var m = MemoryMarshal.Cast<float, Vector<float>>(mean.AsSpan(0, whole));
        var v = MemoryMarshal.Cast<float, Vector<float>>(square.AsSpan(0, whole));
        for (var i = 0; i < w.Length; i++)
        {
            var gi = g[i] * scale;
            m[i] = m[i] * beta1 + gi * rest1;
            v[i] = v[i] * beta2 + gi * gi * rest2;
            w[i] = w[i] * keep - m[i] * stride / (Vector.SquareRoot(v[i]) * root + new Vector<float>(epsilon));
        }
        for (var i = whole; i < weight.Length; i++)
        {
            var gi = gradient[i] * scale;
            mean[i] = mean[i] * beta1 + gi * rest1;
            square[i] = square[i] * beta2 + gi * gi * rest2;
            weight[i] = weight[i] * keep - mean[i] * stride / (MathF.Sqrt(square[i]) * root + epsilon);
        }
    }

    /// <summary>Squared norm of a gradient.</summary>
    public static unsafe double SquaredNorm(ReadOnlySpan<float> gradient)
    {
        // By blocks: a single float32 accumulator would lose digits over a million terms.
        const int block = 4096;
        var (sum, whole) = (0.0, gradient.Length - gradient.Length % Gemm.Lane);
        fixed (float* values = gradient)
        {
            for (var at = 0; at < whole; at += block)
                sum += KernelSet.Used.Dot(values + at, values + at, Math.Min(block, whole - at));
        }
        foreach (var rest in gradient[whole..]) sum += rest * rest;
        return sum;
    }
}
