using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlNetRllc.Core.Kernels.Vectors;

/// <summary>Integers in a register of AVX2.</summary>
internal readonly struct W256(Vector256<ulong> values) : IWords<W256, V256>
{
    private readonly Vector256<ulong> values = values;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W256 Create(ulong value) =>
        new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W256 CountFrom(ulong first) =>
        new(Vector256.Create(first) + Vector256<ulong>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W256 And(W256 x, W256 y) =>
        new(x.values & y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W256 Xor(W256 x, W256 y) =>
        new(x.values ^ y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W256 High(W256 x) =>
        new(x.values >>> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W256 MultiplyLow(W256 x, W256 y) =>
        new(Avx2.Multiply(x.values.AsUInt32(), y.values.AsUInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Narrow(W256 x, W256 y) =>
        new(Vector256.Narrow(x.values, y.values).AsSingle());
}
