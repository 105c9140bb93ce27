using System.Runtime.CompilerServices;
using MlNetRllc.Core.Kernels.Vectors;

namespace MlNetRllc.Core.Kernels;

/// <summary>The kernels, written once for every width.</summary>
/// <typeparam name="TRegister">A register, which products are made of.</typeparam>
/// <typeparam name="T">Sixteen numbers, which passes over rows take at a time: so many sums run side
/// by side on every processor.</typeparam>
/// <param name="name">The set's name.</param>
/// <param name="registers">Registers of the processor, 16 or 32.</param>
internal sealed unsafe class VectorKernels<TRegister, T>(string name, int registers) : KernelSet
    where TRegister : struct, IVector<TRegister>
    where T : struct, IVector<T>
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override int Width => TRegister.Count * 8 * sizeof(float);

    /// <inheritdoc/>
    public override bool IsSupported => TRegister.IsSupported;

    /// <inheritdoc/>
    public override float MultiplyAdds(int length) => KernelRate.MultiplyAdds<TRegister>(length);

    /// <inheritdoc/>
    public override void Multiply(int rows, int columns, in Product product) =>
        Tiles<TRegister>.Multiply(rows, columns, product, registers);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override (double Sum, double Weighted) Exponentials(
        float* a,
        float* bias,
        float scale,
        float shift,
        int length)
    {
        T scales = T.Create(scale), shifts = T.Create(shift);
        T sum = default, weighted = default;
        for (var i = 0; i < length; i += T.Count)
        {
            var value = T.Load(a + i);
            var e = VectorFunctions.Exp2(T.MultiplyAdd(value, scales, T.Load(bias + i) - shifts));
            sum += e;
            weighted = T.MultiplyAdd(e, value, weighted);
            e.Store(a + i);
        }
        return (sum.Sum(), weighted.Sum());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double ExponentialSum(float* a, float* bias, float scale, float shift, int length)
    {
        T scales = T.Create(scale), shifts = T.Create(shift);
        T sum = default;
        for (var i = 0; i < length; i += T.Count)
            sum += VectorFunctions.Exp2(T.MultiplyAdd(T.Load(a + i), scales, T.Load(bias + i) - shifts));
        return sum.Sum();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Largest(float* a, float* bias, float scale, int length)
    {
        var largest = T.Create(float.NegativeInfinity);
        for (var i = 0; i < length; i += T.Count)
            largest = T.Max(
                largest,
                T.MultiplyAdd(T.Load(a + i), T.Create(scale), T.Load(bias + i)));
        return largest.Maximum();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Softmax(float* scores, int valid, int length, float scale)
    {
        for (var i = valid; i < length; i++) scores[i] = float.NegativeInfinity;
        var largest = T.Create(float.NegativeInfinity);
        for (var i = 0; i < length; i += T.Count) largest = T.Max(largest, T.Load(scores + i));
        var shift = T.Create(-(largest.Maximum() * scale * VectorFunctions.Log2E));
        var scales = T.Create(scale * VectorFunctions.Log2E);
        T sum = default;
        for (var i = 0; i < length; i += T.Count)
        {
            var e = VectorFunctions.Exp2UpTo127(T.MultiplyAdd(T.Load(scores + i), scales, shift)); // the largest is 0
            sum += e;
            e.Store(scores + i);
        }
        var inverse = T.Create(1 / sum.Sum());
        for (var i = 0; i < length; i += T.Count) (T.Load(scores + i) * inverse).Store(scores + i);
        for (var i = valid; i < length; i++) scores[i] = 0;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SoftmaxBackward(float* probabilities, float* d, int length, float scale)
    {
        var dot = T.Create(Dot(probabilities, d, length));
        for (var i = 0; i < length; i += T.Count)
            (T.Load(probabilities + i) * (T.Load(d + i) - dot) * T.Create(scale)).Store(d + i);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override (float Mean, float Inverse) Moments(float* x, int width, int length, float epsilon)
    {
        T sum = default;
        for (var i = 0; i < length; i += T.Count) sum += T.Load(x + i);
        var mean = sum.Sum() / width;
        T square = default;
        for (var i = 0; i < length; i += T.Count)
        {
            var centred = T.Load(x + i) - T.Create(mean);
            // Padding is no value. What it would add, mean^2 each, cannot be taken away again: of a
            // nearly constant row nothing but rounding would be left.
            if (i + T.Count > width) centred = T.KeepFirst(centred, width - i);
            square = T.MultiplyAdd(centred, centred, square);
        }
        return (mean, 1 / MathF.Sqrt(square.Sum() / width + epsilon));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Normalize(
        float* x,
        float mean,
        float inverse,
        float* gain,
        float* bias,
        float* y,
        int length)
    {
        for (var i = 0; i < length; i += T.Count)
        {
            var centred = (T.Load(x + i) - T.Create(mean)) * T.Create(inverse);
            T.MultiplyAdd(centred, T.Load(gain + i), T.Load(bias + i)).Store(y + i);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void NormalizeBackward(
        float* x, float mean, float inverse,
        float* gain,
        float* dy,
        float* dx,
        float* dGain,
        float* dBias,
        int width, int length)
    {
        T sum = default, weighted = default;
        T means = T.Create(mean), inverses = T.Create(inverse);
        for (var i = 0; i < length; i += T.Count)
        {
            var hat = (T.Load(x + i) - means) * inverses;
            var up = T.Load(dy + i);
            var scaled = up * T.Load(gain + i);
            sum += scaled;
            weighted = T.MultiplyAdd(scaled, hat, weighted);
            if (dGain != null) T.MultiplyAdd(up, hat, T.Load(dGain + i)).Store(dGain + i);
            if (dBias != null) (T.Load(dBias + i) + up).Store(dBias + i);
        }
        var (a, b) = (T.Create(sum.Sum() / width), T.Create(weighted.Sum() / width));
        for (var i = 0; i < length; i += T.Count)
        {
            var hat = (T.Load(x + i) - means) * inverses;
            var scaled = T.Load(dy + i) * T.Load(gain + i);
            T.MultiplyAdd(scaled - a - hat * b, inverses, T.Load(dx + i)).Store(dx + i);
        }
        for (var i = width; i < length; i++) dx[i] = 0;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Probabilities(float* a, float* bias, float scale, float shift, int length)
    {
        T entropy = default;
        for (var i = 0; i < length; i += T.Count)
        {
            var t = T.MultiplyAdd(
                T.Load(a + i),
                T.Create(scale),
                T.Load(bias + i) - T.Create(shift));
            t = T.Max(T.Create(-126f), t);
            var p = VectorFunctions.Exp2UpTo127(t);
            entropy = T.MultiplyAdd(p, t, entropy);
            p.Store(a + i);
        }
        return entropy.Sum() / VectorFunctions.Log2E;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddCentred(float* x, float mean, float factor, float* y, int width, int length)
    {
        for (var i = 0; i < length; i += T.Count)
        {
            var centred = T.Load(x + i) - T.Create(mean);
            T.MultiplyAdd(centred, T.Create(factor), T.Load(y + i)).Store(y + i);
        }
        for (var i = width; i < length; i++) y[i] = 0;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Dot(float* x, float* y, int length)
    {
        T sum = default;
        for (var i = 0; i < length; i += T.Count)
            sum = T.MultiplyAdd(T.Load(x + i), T.Load(y + i), sum);
        return sum.Sum();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddScaled(float* x, float factor, float* y, int length)
    {
        for (var i = 0; i < length; i += T.Count)
            T.MultiplyAdd(T.Load(x + i), T.Create(factor), T.Load(y + i)).Store(y + i);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Subtract(float* x, float* z, float* y, int length)
    {
        for (var i = 0; i < length; i += T.Count) (T.Load(x + i) - T.Load(z + i)).Store(y + i);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Blend(float* x, float factor, float* y, float keep, int length)
    {
        for (var i = 0; i < length; i += T.Count)
            T.MultiplyAdd(
                T.Load(x + i),
                T.Create(factor),
                T.Load(y + i) * T.Create(keep)).Store(y + i);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Gelu(float* x, float* y, int length)
    {
        for (var i = 0; i < length; i += T.Count) GeluFunction.Value(T.Load(x + i)).Store(y + i);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void GeluBackward(float* x, float* d, int length)
    {
        for (var i = 0; i < length; i += T.Count) (T.Load(d + i) * GeluFunction.Slope(T.Load(x + i))).Store(d + i);
    }
}
