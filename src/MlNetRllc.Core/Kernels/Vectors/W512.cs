using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlNetRllc.Core.Kernels.Vectors;

/// <summary>Integers in a register of AVX-512.</summary>
internal readonly struct W512(Vector512<ulong> values) : IWords<W512, V512>
{
    private readonly Vector512<ulong> values = values;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W512 Create(ulong value) =>
        new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W512 CountFrom(ulong first) =>
        new(Vector512.Create(first) + Vector512<ulong>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W512 And(W512 x, W512 y) =>
        new(x.values & y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W512 Xor(W512 x, W512 y) =>
        new(x.values ^ y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W512 High(W512 x) =>
        new(x.values >>> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W512 MultiplyLow(W512 x, W512 y) =>
        new(Avx512F.Multiply(x.values.AsUInt32(), y.values.AsUInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Narrow(W512 x, W512 y) =>
        new(Vector512.Narrow(x.values, y.values).AsSingle());
}
