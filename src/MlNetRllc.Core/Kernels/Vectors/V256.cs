using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlNetRllc.Core.Kernels.Vectors;

/// <summary>A register of AVX2, with its fused multiply-add.</summary>
internal readonly unsafe struct V256(Vector256<float> values) : IVector<V256>
{
    private readonly Vector256<float> values = values;

    public static int Count => 8;

    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Load(float* source) =>
        new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => values.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Create(float value) =>
        new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 CreateBits(int value) =>
        new(Vector256.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator +(V256 x, V256 y) =>
        new(x.values + y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator -(V256 x, V256 y) =>
        new(x.values - y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator *(V256 x, V256 y) =>
        new(x.values * y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 MultiplyAdd(V256 x, V256 y, V256 z) =>
        new(Fma.MultiplyAdd(x.values, y.values, z.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Max(V256 x, V256 y) =>
        new(Avx.Max(x.values, y.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Min(V256 x, V256 y) =>
        new(Avx.Min(x.values, y.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Sqrt(V256 x) =>
        new(Vector256.Sqrt(x.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 KeepFirst(V256 x, int lanes) =>
        new(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(lanes)).AsSingle() & x.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Select(V256 mask, V256 x, V256 y) =>
        new(Vector256.ConditionalSelect(mask.values, x.values, y.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 AddBits(V256 x, V256 y) =>
        new((x.values.AsInt32() + y.values.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 SubtractBits(V256 x, V256 y) =>
        new((x.values.AsInt32() - y.values.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 And(V256 x, V256 y) =>
        new(x.values & y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Xor(V256 x, V256 y) =>
        new(x.values ^ y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 ShiftLeft(V256 x, int bits) =>
        new((x.values.AsInt32() << bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 ShiftRight(V256 x, int bits) =>
        new((x.values.AsInt32() >> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 ShiftRightLogical(V256 x, int bits) =>
        new((x.values.AsInt32() >>> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 FromIntegers(V256 bits) =>
        new(Vector256.ConvertToSingle(bits.values.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => new V128(values.GetLower() + values.GetUpper()).Sum();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Maximum() => new V128(Vector128.Max(values.GetLower(), values.GetUpper())).Maximum();
}
