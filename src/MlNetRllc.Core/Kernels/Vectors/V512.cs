using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlNetRllc.Core.Kernels.Vectors;

/// <summary>A register of AVX-512.</summary>
internal readonly unsafe struct V512(Vector512<float> values) : IVector<V512>
{
    private readonly Vector512<float> values = values;

    public static int Count => 16;

    public static bool IsSupported => Avx512F.IsSupported && Avx512DQ.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Load(float* source) =>
        new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => values.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Create(float value) =>
        new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 CreateBits(int value) =>
        new(Vector512.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator +(V512 x, V512 y) =>
        new(x.values + y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator -(V512 x, V512 y) =>
        new(x.values - y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator *(V512 x, V512 y) =>
        new(x.values * y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 MultiplyAdd(V512 x, V512 y, V512 z) =>
        new(Avx512F.FusedMultiplyAdd(x.values, y.values, z.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Max(V512 x, V512 y) =>
        new(Avx512F.Max(x.values, y.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Min(V512 x, V512 y) =>
        new(Avx512F.Min(x.values, y.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Sqrt(V512 x) =>
        new(Vector512.Sqrt(x.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 KeepFirst(V512 x, int lanes) =>
        new(Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(lanes)).AsSingle() & x.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Select(V512 mask, V512 x, V512 y) =>
        new(Vector512.ConditionalSelect(mask.values, x.values, y.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 AddBits(V512 x, V512 y) =>
        new((x.values.AsInt32() + y.values.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 SubtractBits(V512 x, V512 y) =>
        new((x.values.AsInt32() - y.values.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 And(V512 x, V512 y) =>
        new(x.values & y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Xor(V512 x, V512 y) =>
        new(x.values ^ y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 ShiftLeft(V512 x, int bits) =>
        new((x.values.AsInt32() << bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 ShiftRight(V512 x, int bits) =>
        new((x.values.AsInt32() >> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 ShiftRightLogical(V512 x, int bits) =>
        new((x.values.AsInt32() >>> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 FromIntegers(V512 bits) =>
        new(Vector512.ConvertToSingle(bits.values.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => new V256(values.GetLower() + values.GetUpper()).Sum();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Maximum() => new V256(Vector256.Max(values.GetLower(), values.GetUpper())).Maximum();
}
