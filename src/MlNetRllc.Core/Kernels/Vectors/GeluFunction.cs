using System.Runtime.CompilerServices;

namespace MlNetRllc.Core.Kernels.Vectors;

/// <summary>GELU of each lane, x times the normal distribution function Phi(x), and its slope: ours, as
/// <see cref="VectorFunctions"/> are.</summary>
/// <remarks>The exact function, with erf, not its approximation by tanh. Both follow from the tail
/// <c>Phi(-|x|)</c>, so that nothing cancels where GELU is nearly 0.</remarks>
internal static class GeluFunction
{
    /// <summary>Where the tail ends: beyond, all that is left of it is below 1e-14.</summary>
    private const float End = -8;

    /// <summary>x Phi(x); absolute error below 1e-7, or below 1e-7 of the value where that is greater
    /// than 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value<T>(T x) where T : struct, IVector<T>
    {
        var u = NegativeMagnitude(x);
        return T.MultiplyAdd(u, Tail(u), T.Max(T.Create(0f), x));
    }

    /// <summary>The derivative, Phi(x) + x phi(x) with phi the normal density; absolute error below
    /// 2e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Slope<T>(T x) where T : struct, IVector<T>
    {
        // phi(u) = 2^(-u^2 log2(e) / 2 - log2(2 pi) / 2)
        var u = NegativeMagnitude(x);
        var density = VectorFunctions.Exp2UpTo127(
            T.MultiplyAdd(u * u, T.Create(-0.7213475204444817f), T.Create(-1.3257480647361593f)));
        var below = T.MultiplyAdd(u, density, Tail(u));
        return T.Select(T.ShiftRight(x, 31), below, T.Create(1f) - below);
    }

    /// <summary>Phi(u) for u from <see cref="End"/> to 0: 2^(u P(u) - 1), with P the polynomial whose largest
    /// error in u Phi(u) is least.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Tail<T>(T u) where T : struct, IVector<T>
    {
        var p = T.Create(-1.0454280108262992e-08f);
        p = T.MultiplyAdd(p, u, T.Create(-3.8374801647478307e-07f));
        p = T.MultiplyAdd(p, u, T.Create(-5.873271675227443e-06f));
        p = T.MultiplyAdd(p, u, T.Create(-4.7072218876564875e-05f));
        p = T.MultiplyAdd(p, u, T.Create(-0.00018061237642541528f));
        p = T.MultiplyAdd(p, u, T.Create(0.0001986591232707724f));
        p = T.MultiplyAdd(p, u, T.Create(0.007178239990025759f));
        p = T.MultiplyAdd(p, u, T.Create(0.05258701741695404f));
        p = T.MultiplyAdd(p, u, T.Create(-0.45917809009552f));
        p = T.MultiplyAdd(p, u, T.Create(1.1511082649230957f));
        return VectorFunctions.Exp2UpTo127(T.MultiplyAdd(p, u, T.Create(-1f)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T NegativeMagnitude<T>(T x) where T : struct, IVector<T>
    {
        var magnitude = T.And(x, T.CreateBits(int.MaxValue));
        return T.Max(T.Create(End), T.Xor(magnitude, T.CreateBits(int.MinValue)));
    }
}
