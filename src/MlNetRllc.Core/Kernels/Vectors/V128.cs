using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MlNetRllc.Core.Kernels.Vectors;

/// <summary>A register of AdvSimd (Arm64). Where there is none, the runtime has the same operations in
/// SSE or in software: right, and slow, since a fused multiply-add is then a call.</summary>
internal readonly unsafe struct V128(Vector128<float> values) : IVector<V128>
{
    private readonly Vector128<float> values = values;

    /// <summary>Registers of the processor.</summary>
    public static int Registers => AdvSimd.IsSupported ? 32 : 16;

    public static int Count => 4;

    public static bool IsSupported => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Load(float* source) =>
        new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => values.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Create(float value) =>
        new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 CreateBits(int value) =>
        new(Vector128.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator +(V128 x, V128 y) =>
        new(x.values + y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator -(V128 x, V128 y) =>
        new(x.values - y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator *(V128 x, V128 y) =>
        new(x.values * y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 MultiplyAdd(V128 x, V128 y, V128 z) =>
        new(AdvSimd.IsSupported
            ? AdvSimd.FusedMultiplyAdd(z.values, x.values, y.values)
            : Vector128.FusedMultiplyAdd(x.values, y.values, z.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Max(V128 x, V128 y) =>
        new(AdvSimd.IsSupported ? AdvSimd.Max(x.values, y.values)
            : Sse.IsSupported ? Sse.Max(x.values, y.values)
            : Vector128.ConditionalSelect(Vector128.GreaterThan(x.values, y.values), x.values, y.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Min(V128 x, V128 y) =>
        new(AdvSimd.IsSupported ? AdvSimd.Min(x.values, y.values)
            : Sse.IsSupported ? Sse.Min(x.values, y.values)
            : Vector128.ConditionalSelect(Vector128.LessThan(x.values, y.values), x.values, y.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Sqrt(V128 x) =>
        new(Vector128.Sqrt(x.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 KeepFirst(V128 x, int lanes) =>
        new(Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(lanes)).AsSingle() & x.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Select(V128 mask, V128 x, V128 y) =>
        new(Vector128.ConditionalSelect(mask.values, x.values, y.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 AddBits(V128 x, V128 y) =>
        new((x.values.AsInt32() + y.values.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 SubtractBits(V128 x, V128 y) =>
        new((x.values.AsInt32() - y.values.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 And(V128 x, V128 y) =>
        new(x.values & y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Xor(V128 x, V128 y) =>
        new(x.values ^ y.values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 ShiftLeft(V128 x, int bits) =>
        new((x.values.AsInt32() << bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 ShiftRight(V128 x, int bits) =>
        new((x.values.AsInt32() >> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 ShiftRightLogical(V128 x, int bits) =>
        new((x.values.AsInt32() >>> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 FromIntegers(V128 bits) =>
        new(Vector128.ConvertToSingle(bits.values.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => (values[0] + values[2]) + (values[1] + values[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Maximum() => MathF.Max(MathF.Max(values[0], values[2]), MathF.Max(values[1], values[3]));
}
