using System.Runtime.CompilerServices;

namespace MlNetRllc.Core.Kernels.Vectors;

/// <summary>Two vectors that stand for one of twice the width: lane by lane what the wider register
/// gives.</summary>
/// <typeparam name="THalf">Either half.</typeparam>
internal readonly unsafe struct VectorPair<THalf>(THalf lower, THalf upper) : IVector<VectorPair<THalf>>
    where THalf : struct, IVector<THalf>
{
    private readonly THalf lower = lower, upper = upper;

    public static int Count => 2 * THalf.Count;

    public static bool IsSupported => THalf.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> Load(float* source) =>
        new(THalf.Load(source), THalf.Load(source + THalf.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        lower.Store(target);
        upper.Store(target + THalf.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> Create(float value) =>
        new(THalf.Create(value), THalf.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> CreateBits(int value) =>
        new(THalf.CreateBits(value), THalf.CreateBits(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> operator +(VectorPair<THalf> x, VectorPair<THalf> y) =>
        new(x.lower + y.lower, x.upper + y.upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> operator -(VectorPair<THalf> x, VectorPair<THalf> y) =>
        new(x.lower - y.lower, x.upper - y.upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> operator *(VectorPair<THalf> x, VectorPair<THalf> y) =>
        new(x.lower * y.lower, x.upper * y.upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> MultiplyAdd(VectorPair<THalf> x, VectorPair<THalf> y, VectorPair<THalf> z) =>
        new(THalf.MultiplyAdd(x.lower, y.lower, z.lower), THalf.MultiplyAdd(x.upper, y.upper, z.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> Max(VectorPair<THalf> x, VectorPair<THalf> y) =>
        new(THalf.Max(x.lower, y.lower), THalf.Max(x.upper, y.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> Min(VectorPair<THalf> x, VectorPair<THalf> y) =>
        new(THalf.Min(x.lower, y.lower), THalf.Min(x.upper, y.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> AddBits(VectorPair<THalf> x, VectorPair<THalf> y) =>
        new(THalf.AddBits(x.lower, y.lower), THalf.AddBits(x.upper, y.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> SubtractBits(VectorPair<THalf> x, VectorPair<THalf> y) =>
        new(THalf.SubtractBits(x.lower, y.lower), THalf.SubtractBits(x.upper, y.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> And(VectorPair<THalf> x, VectorPair<THalf> y) =>
        new(THalf.And(x.lower, y.lower), THalf.And(x.upper, y.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> Xor(VectorPair<THalf> x, VectorPair<THalf> y) =>
        new(THalf.Xor(x.lower, y.lower), THalf.Xor(x.upper, y.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> Sqrt(VectorPair<THalf> x) =>
        new(THalf.Sqrt(x.lower), THalf.Sqrt(x.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> KeepFirst(VectorPair<THalf> x, int lanes) =>
        new(THalf.KeepFirst(x.lower, lanes), THalf.KeepFirst(x.upper, lanes - THalf.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> Select(VectorPair<THalf> mask, VectorPair<THalf> x, VectorPair<THalf> y) =>
        new(THalf.Select(mask.lower, x.lower, y.lower), THalf.Select(mask.upper, x.upper, y.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> ShiftLeft(VectorPair<THalf> x, int bits) =>
        new(THalf.ShiftLeft(x.lower, bits), THalf.ShiftLeft(x.upper, bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> ShiftRight(VectorPair<THalf> x, int bits) =>
        new(THalf.ShiftRight(x.lower, bits), THalf.ShiftRight(x.upper, bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> ShiftRightLogical(VectorPair<THalf> x, int bits) =>
        new(THalf.ShiftRightLogical(x.lower, bits), THalf.ShiftRightLogical(x.upper, bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<THalf> FromIntegers(VectorPair<THalf> bits) =>
        new(THalf.FromIntegers(bits.lower), THalf.FromIntegers(bits.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => (lower + upper).Sum();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Maximum() => MathF.Max(lower.Maximum(), upper.Maximum());
}
