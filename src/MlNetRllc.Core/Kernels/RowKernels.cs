using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlNetRllc.Core.Kernels;

/// <summary>Vectorised passes over one row; every length is a multiple of 16.</summary>
internal static unsafe class RowKernels
{
    /// <summary>log2(e): logits are kept in units of log 2, where the exponential is cheapest.</summary>
    public const float Log2E = 1.44269504088896341f;
    private const int Lane = 16;

    /// <summary>In place, <c>e = 2^(a scale + bias - shift)</c>; returns the sum of e and the sum
    /// of e a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Sum, double Weighted) Exponentials(
        float* a,
        float* bias,
        float scale,
        float shift,
        int length)
    {
        Vector512<float> scales = Vector512.Create(scale), shifts = Vector512.Create(shift);
        Vector512<float> sum = Vector512<float>.Zero, weighted = Vector512<float>.Zero;
        for (var i = 0; i < length; i += Lane)
        {
            var value = Vector512.Load(a + i);
            var e = Exp2(Vector512.FusedMultiplyAdd(value, scales, Vector512.Load(bias + i) - shifts));
            sum += e;
            weighted = Vector512.FusedMultiplyAdd(e, value, weighted);
            e.Store(a + i);
        }
        return (Vector512.Sum(sum), Vector512.Sum(weighted));
    }

    /// <summary>The largest <c>a scale + bias</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Largest(float* a, float* bias, float scale, int length)
    {
        var largest = Vector512.Create(float.NegativeInfinity);
        for (var i = 0; i < length; i += Lane)
            largest = Vector512.Max(
                largest,
                Vector512.FusedMultiplyAdd(Vector512.Load(a + i), Vector512.Create(scale), Vector512.Load(bias + i)));
        return Max(largest);
    }

    /// <summary>Softmax of the first <paramref name="valid"/> scores times
    /// <paramref name="scale"/>; the rest becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax(float* scores, int valid, int length, float scale)
    {
        for (var i = valid; i < length; i++) scores[i] = float.NegativeInfinity;
        var largest = Vector512.Create(float.NegativeInfinity);
        for (var i = 0; i < length; i += Lane) largest = Vector512.Max(largest, Vector512.Load(scores + i));
        var shift = Vector512.Create(Max(largest) * scale * Log2E);
        var scales = Vector512.Create(scale * Log2E);
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < length; i += Lane)
        {
            var e = Exp2(Vector512.FusedMultiplyAdd(Vector512.Load(scores + i), scales, -shift));
            sum += e;
            e.Store(scores + i);
        }
        var inverse = Vector512.Create(1 / Vector512.Sum(sum));
        for (var i = 0; i < length; i += Lane) (Vector512.Load(scores + i) * inverse).Store(scores + i);
        for (var i = valid; i < length; i++) scores[i] = 0;
    }

    /// <summary>Backward of <see cref="Softmax"/>, in place: <c>d = p (d - sum p d) scale</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SoftmaxBackward(float* probabilities, float* d, int length, float scale)
    {
        var dot = Vector512.Create(Dot(probabilities, d, length));
        for (var i = 0; i < length; i += Lane)
            (Vector512.Load(probabilities + i) * (Vector512.Load(d + i) - dot) * Vector512.Create(scale)).Store(d + i);
    }

    /// <summary>LayerNorm of one row of <paramref name="width"/> values (padded with zeros to
    /// <paramref name="length"/>).</summary>
    /// <returns>Mean and 1 / sqrt(variance + eps).</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Mean, float Inverse) Moments(float* x, int width, int length, float epsilon)
    {
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < length; i += Lane) sum += Vector512.Load(x + i);
        var mean = Vector512.Sum(sum) / width;
        var square = Vector512<float>.Zero;
        for (var i = 0; i < length; i += Lane)
        {
            var centred = Vector512.Load(x + i) - Vector512.Create(mean);
            // Padding is no value. What it would add, mean^2 each, cannot be taken away again: of a
            // nearly constant row nothing but rounding would be left.
            if (i + Lane > width)
                centred = Vector512.ConditionalSelect(
                    Vector512.LessThan(Vector512<float>.Indices, Vector512.Create((float)(width - i))),
                    centred,
                    Vector512<float>.Zero);
            square = Vector512.FusedMultiplyAdd(centred, centred, square);
        }
        return (mean, 1 / MathF.Sqrt(Vector512.Sum(square) / width + epsilon));
    }

    /// <summary><c>y = (x - mean) inverse gain + bias</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(
        float* x,
        float mean,
        float inverse,
        float* gain,
        float* bias,
        float* y,
        int length)
    {
        for (var i = 0; i < length; i += Lane)
        {
            var centred = (Vector512.Load(x + i) - Vector512.Create(mean)) * Vector512.Create(inverse);
            Vector512.FusedMultiplyAdd(centred, Vector512.Load(gain + i), Vector512.Load(bias + i)).Store(y + i);
        }
    }

    /// <summary>Backward of a LayerNorm row: adds to dx, and to dGain and dBias unless they are
    /// null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NormalizeBackward(
        float* x, float mean, float inverse,
        float* gain,
        float* dy,
        float* dx,
        float* dGain,
        float* dBias,
        int width, int length)
    {
        Vector512<float> sum = Vector512<float>.Zero, weighted = Vector512<float>.Zero;
        Vector512<float> means = Vector512.Create(mean), inverses = Vector512.Create(inverse);
        for (var i = 0; i < length; i += Lane)
        {
            var hat = (Vector512.Load(x + i) - means) * inverses;
            var up = Vector512.Load(dy + i);
            var scaled = up * Vector512.Load(gain + i);
            sum += scaled;
            weighted = Vector512.FusedMultiplyAdd(scaled, hat, weighted);
            if (dGain != null) Vector512.FusedMultiplyAdd(up, hat, Vector512.Load(dGain + i)).Store(dGain + i);
            if (dBias != null) (Vector512.Load(dBias + i) + up).Store(dBias + i);
        }
        var (a, b) = (Vector512.Create(Vector512.Sum(sum) / width), Vector512.Create(Vector512.Sum(weighted) / width));
        for (var i = 0; i < length; i += Lane)
        {
            var hat = (Vector512.Load(x + i) - means) * inverses;
            var scaled = Vector512.Load(dy + i) * Vector512.Load(gain + i);
            Vector512.FusedMultiplyAdd(scaled - a - hat * b, inverses, Vector512.Load(dx + i)).Store(dx + i);
        }
        for (var i = width; i < length; i++) dx[i] = 0;
    }

    /// <summary>In place, <c>p = 2^(a scale + bias - shift)</c>; returns the sum of p log p in
    /// natural units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Probabilities(float* a, float* bias, float scale, float shift, int length)
    {
        var entropy = Vector512<float>.Zero;
        for (var i = 0; i < length; i += Lane)
        {
            var t = Vector512.FusedMultiplyAdd(
                Vector512.Load(a + i),
                Vector512.Create(scale),
                Vector512.Load(bias + i) - Vector512.Create(shift));
            t = Vector512.Max(t, Vector512.Create(-126f));
            var p = Exp2(t);
            entropy = Vector512.FusedMultiplyAdd(p, t, entropy);
            p.Store(a + i);
        }
        return Vector512.Sum(entropy) / Log2E;
    }

    /// <summary><c>y += factor (x - mean)</c> over the first <paramref name="width"/> values; the
    /// padding of y stays 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddCentred(float* x, float mean, float factor, float* y, int width, int length)
    {
        for (var i = 0; i < length; i += Lane)
        {
            var centred = Vector512.Load(x + i) - Vector512.Create(mean);
            Vector512.FusedMultiplyAdd(centred, Vector512.Create(factor), Vector512.Load(y + i)).Store(y + i);
        }
        for (var i = width; i < length; i++) y[i] = 0;
    }

    /// <summary>The sum of x y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* x, float* y, int length)
    {
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < length; i += Lane)
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(y + i), sum);
        return Vector512.Sum(sum);
    }

    /// <summary><c>y += factor x</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(float* x, float factor, float* y, int length)
    {
        for (var i = 0; i < length; i += Lane)
            Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Create(factor), Vector512.Load(y + i)).Store(y + i);
    }

    /// <summary><c>y = x - z</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Subtract(float* x, float* z, float* y, int length)
    {
        for (var i = 0; i < length; i += Lane) (Vector512.Load(x + i) - Vector512.Load(z + i)).Store(y + i);
    }

    /// <summary><c>y = factor x + y keep</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Blend(float* x, float factor, float* y, float keep, int length)
    {
        for (var i = 0; i < length; i += Lane)
            Vector512.FusedMultiplyAdd(
                Vector512.Load(x + i),
                Vector512.Create(factor),
                Vector512.Load(y + i) * Vector512.Create(keep)).Store(y + i);
    }

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

    // 2^t = 2^n 2^f with n the nearest integer: adding 1.5 2^23 leaves n in the low bits of the
    // sum, from where it goes into the exponent; 2^f by a polynomial of degree 6 through the
    // Chebyshev nodes of [-1/2, 1/2] (relative error 3e-9, below rounding).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Exp2(Vector512<float> t)
    {
        t = Vector512.Max(t, Vector512.Create(-126f));
        var shifted = t + Vector512.Create(12582912f);
        var f = t - (shifted - Vector512.Create(12582912f));
        var p = Vector512.Create(0.0001546144469856913f);
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.0013400428177615838f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.009618056678524637f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.05550327226670302f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.24022650922288757f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.6931472067028326f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512<float>.One);
        return (p.AsInt32() + Vector512.ShiftLeft(shifted.AsInt32(), 23)).AsSingle();
    }

    private static float Max(Vector512<float> values)
    {
        var largest = values[0];
        for (var i = 1; i < Lane; i++) largest = MathF.Max(largest, values[i]);
        return largest;
    }
}
