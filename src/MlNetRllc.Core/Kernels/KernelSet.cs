using MlNetRllc.Core.Kernels.Vectors;

namespace MlNetRllc.Core.Kernels;

/// <summary>The kernels of one width of vectors: products of matrices, and passes over one row whose
/// length is a multiple of 16.</summary>
/// <remarks>All sets give the same bits: see <see cref="IVector{TSelf}"/>. Which one is used is a
/// matter of speed alone (<see cref="KernelChoice"/>).</remarks>
internal abstract unsafe class KernelSet
{
    /// <summary>log2(e): logits are kept in units of log 2, where the exponential is cheapest.</summary>
    public const float Log2E = VectorFunctions.Log2E;

    /// <summary>The sets, the widest first.</summary>
    public static IReadOnlyList<KernelSet> All { get; } =
    [
        new VectorKernels<V512, V512>("avx512", registers: 32),
        new VectorKernels<V256, VectorPair<V256>>("avx2", registers: 16),
        new VectorKernels<V128, VectorPair<VectorPair<V128>>>("vector128", registers: V128.Registers),
    ];

    /// <summary>The set that this process uses.</summary>
    public static KernelSet Used { get; } = KernelChoice.Make();

    /// <summary>Its name, as <c>MLNETRLLC_KERNELS</c> says it.</summary>
    public abstract string Name { get; }

    /// <summary>Bits of a register.</summary>
    public abstract int Width { get; }

    /// <summary>Whether this processor has its instructions.</summary>
    public abstract bool IsSupported { get; }

    /// <summary>Fused multiply-adds on twelve sums, as fast as the registers go.</summary>
    public abstract float MultiplyAdds(int length);

    /// <summary>A product of matrices, with rows in multiples of 8 and columns of 16.</summary>
    public abstract void Multiply(int rows, int columns, in Product product);

    /// <summary>In place, <c>e = 2^(a scale + bias - shift)</c>; returns the sum of e and the sum
    /// of e a.</summary>
    public abstract (double Sum, double Weighted) Exponentials(float* a, float* bias, float scale, float shift, int length);

    /// <summary>The sum of <c>2^(a scale + bias - shift)</c>, as <see cref="Exponentials"/> gives it; a stays as it is.</summary>
    public abstract double ExponentialSum(float* a, float* bias, float scale, float shift, int length);

    /// <summary>The largest <c>a scale + bias</c>.</summary>
    public abstract float Largest(float* a, float* bias, float scale, int length);

    /// <summary>Softmax of the first <paramref name="valid"/> scores times
    /// <paramref name="scale"/>; the rest becomes 0.</summary>
    public abstract void Softmax(float* scores, int valid, int length, float scale);

    /// <summary>Backward of <see cref="Softmax"/>, in place: <c>d = p (d - sum p d) scale</c>.</summary>
    public abstract void SoftmaxBackward(float* probabilities, float* d, int length, float scale);

    /// <summary>LayerNorm of one row of <paramref name="width"/> values (padded with zeros to
    /// <paramref name="length"/>).</summary>
    /// <returns>Mean and 1 / sqrt(variance + eps).</returns>
    public abstract (float Mean, float Inverse) Moments(float* x, int width, int length, float epsilon);

    /// <summary><c>y = (x - mean) inverse gain + bias</c>.</summary>
    public abstract void Normalize(float* x, float mean, float inverse, float* gain, float* bias, float* y, int length);

    /// <summary>Backward of a LayerNorm row: adds to dx, and to dGain and dBias unless they are
    /// null.</summary>
    public abstract void NormalizeBackward(
        float* x, float mean, float inverse, float* gain, float* dy, float* dx, float* dGain, float* dBias, int width, int length);

    /// <summary>In place, <c>p = 2^(a scale + bias - shift)</c>; returns the sum of p log p in
    /// natural units.</summary>
    public abstract float Probabilities(float* a, float* bias, float scale, float shift, int length);

    /// <summary><c>y += factor (x - mean)</c> over the first <paramref name="width"/> values; the
    /// padding of y stays 0.</summary>
    public abstract void AddCentred(float* x, float mean, float factor, float* y, int width, int length);

    /// <summary>The sum of x y.</summary>
    public abstract float Dot(float* x, float* y, int length);

    /// <summary><c>y += factor x</c>.</summary>
    public abstract void AddScaled(float* x, float factor, float* y, int length);

    /// <summary><c>y = x - z</c>.</summary>
    public abstract void Subtract(float* x, float* z, float* y, int length);

    /// <summary><c>y = factor x + y keep</c>.</summary>
    public abstract void Blend(float* x, float factor, float* y, float keep, int length);

    /// <summary><c>y = GELU(x)</c>, with erf; y may be x.</summary>
    public abstract void Gelu(float* x, float* y, int length);

    /// <summary>Backward of <see cref="Gelu"/>, in place: <c>d = d GELU'(x)</c>.</summary>
    public abstract void GeluBackward(float* x, float* d, int length);

    /// <summary>y [columns, rows] = transpose of x [rows, columns].</summary>
    public static void Transpose(float* x, int strideX, int rows, int columns, float* y, int strideY)
    {
        const int block = 16;
        for (var r = 0; r < rows; r += block)
            for (var c = 0; c < columns; c += block)
                for (var j = c; j < Math.Min(c + block, columns); j++)
                    for (var i = r; i < Math.Min(r + block, rows); i++)
                        y[(nint)j * strideY + i] = x[(nint)i * strideX + j];
    }
}
