using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlNetRllc.Core.Kernels.Vectors;

/// <summary>Integers in a register of 128 bits, of any processor.</summary>
internal readonly struct W128(Vector128<ulong> values) : IWords<W128, V128>
{
    private readonly Vector128<ulong> values = values;

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W128 Create(ulong value) =>
        new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W128 CountFrom(ulong first) =>
        new(Vector128.Create(first) + Vector128<ulong>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W128 And(W128 x, W128 y) =>
        new(x.values & y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W128 Xor(W128 x, W128 y) =>
        new(x.values ^ y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W128 High(W128 x) =>
        new(x.values >>> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W128 MultiplyLow(W128 x, W128 y) =>
        new(Sse2.IsSupported
            ? Sse2.Multiply(x.values.AsUInt32(), y.values.AsUInt32())
            : (x.values & Vector128.Create((ulong)uint.MaxValue)) * (y.values & Vector128.Create((ulong)uint.MaxValue)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Narrow(W128 x, W128 y) =>
        new(Vector128.Narrow(x.values, y.values).AsSingle());
}
