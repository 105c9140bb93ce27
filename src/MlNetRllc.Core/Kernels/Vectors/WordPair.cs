using System.Runtime.CompilerServices;

namespace MlNetRllc.Core.Kernels.Vectors;

/// <summary>Two that stand for one of twice the width.</summary>
/// <typeparam name="THalf">Either half.</typeparam>
/// <typeparam name="TVector">The vector that two halves make.</typeparam>
internal readonly struct WordPair<THalf, TVector>(THalf lower, THalf upper) : IWords<WordPair<THalf, TVector>, VectorPair<TVector>>
    where THalf : struct, IWords<THalf, TVector>
    where TVector : struct, IVector<TVector>
{
    private readonly THalf lower = lower, upper = upper;

    public static int Count => 2 * THalf.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordPair<THalf, TVector> Create(ulong value) =>
        new(THalf.Create(value), THalf.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordPair<THalf, TVector> CountFrom(ulong first) =>
        new(THalf.CountFrom(first), THalf.CountFrom(first + (ulong)THalf.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordPair<THalf, TVector> And(WordPair<THalf, TVector> x, WordPair<THalf, TVector> y) =>
        new(THalf.And(x.lower, y.lower), THalf.And(x.upper, y.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordPair<THalf, TVector> Xor(WordPair<THalf, TVector> x, WordPair<THalf, TVector> y) =>
        new(THalf.Xor(x.lower, y.lower), THalf.Xor(x.upper, y.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordPair<THalf, TVector> MultiplyLow(WordPair<THalf, TVector> x, WordPair<THalf, TVector> y) =>
        new(THalf.MultiplyLow(x.lower, y.lower), THalf.MultiplyLow(x.upper, y.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordPair<THalf, TVector> High(WordPair<THalf, TVector> x) =>
        new(THalf.High(x.lower), THalf.High(x.upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TVector> Narrow(WordPair<THalf, TVector> x, WordPair<THalf, TVector> y) =>
        new(THalf.Narrow(x.lower, x.upper), THalf.Narrow(y.lower, y.upper));
}
