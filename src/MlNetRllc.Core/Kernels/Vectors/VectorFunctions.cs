using System.Runtime.CompilerServices;

namespace MlNetRllc.Core.Kernels.Vectors;

/// <summary>Exponential, logarithm, sine and cosine of each lane: ours, so that their bits are the
/// same on every processor and with every library.</summary>
/// <remarks>Polynomials through Chebyshev nodes, by fused multiply-adds; the errors stated are the
/// largest that tests find.</remarks>
internal static class VectorFunctions
{
    /// <summary>log2(e).</summary>
    public const float Log2E = 1.44269504088896341f;

    // ln 2 in a part that a small integer times is exact, and the rest.
    private const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    /// <summary>2^t; smaller t than -126 count as -126, larger ones than 127.4 as 127.4, no number stays none; 1.1 units in
    /// the last place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp2<T>(T t) where T : struct, IVector<T> => Exp2UpTo127(T.Min(T.Create(127.4f), t));

    /// <summary>2^t as <see cref="Exp2"/>, for what is known to be no more than 127.</summary>
    /// <remarks>2^t = 2^n 2^f with n the nearest integer: adding 1.5 2^23 leaves n in the low bits
    /// of the sum, from where it goes into the exponent.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp2UpTo127<T>(T t) where T : struct, IVector<T>
    {
        t = T.Max(T.Create(-126f), t);
        var shifted = t + T.Create(12582912f);
        var f = t - (shifted - T.Create(12582912f));
        var p = T.Create(0.0001546144469856913f);
        p = T.MultiplyAdd(p, f, T.Create(0.0013400428177615838f));
        p = T.MultiplyAdd(p, f, T.Create(0.009618056678524637f));
        p = T.MultiplyAdd(p, f, T.Create(0.05550327226670302f));
        p = T.MultiplyAdd(p, f, T.Create(0.24022650922288757f));
        p = T.MultiplyAdd(p, f, T.Create(0.6931472067028326f));
        p = T.MultiplyAdd(p, f, T.Create(1f));
        return T.AddBits(p, T.ShiftLeft(shifted, 23));
    }

    /// <summary>The natural logarithm of positive normal numbers; one unit in the last place.</summary>
    /// <remarks>x = 2^e (1 + f) with 1 + f between the square roots of 1/2 and 2;
    /// log(1 + f) = f - f^2/2 + f^3 P(f).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T x) where T : struct, IVector<T>
    {
        const int rootOfHalf = 0x3F3504F3;
        var e = T.ShiftRight(T.SubtractBits(x, T.CreateBits(rootOfHalf)), 23);
        var f = T.SubtractBits(x, T.ShiftLeft(e, 23)) - T.Create(1f);
        var p = T.Create(0.07149753719568253f);
        p = T.MultiplyAdd(p, f, T.Create(-0.115712009370327f));
        p = T.MultiplyAdd(p, f, T.Create(0.11661510914564133f));
        p = T.MultiplyAdd(p, f, T.Create(-0.12411050498485565f));
        p = T.MultiplyAdd(p, f, T.Create(0.14249937236309052f));
        p = T.MultiplyAdd(p, f, T.Create(-0.1666848063468933f));
        p = T.MultiplyAdd(p, f, T.Create(0.20000708103179932f));
        p = T.MultiplyAdd(p, f, T.Create(-0.24999989569187164f));
        p = T.MultiplyAdd(p, f, T.Create(0.3333333134651184f));
        var square = f * f;
        var rest = T.MultiplyAdd(square, T.Create(-0.5f), square * f * p);
        var exponent = T.FromIntegers(e);
        return T.MultiplyAdd(exponent, T.Create(Ln2High), T.MultiplyAdd(exponent, T.Create(Ln2Low), rest) + f);
    }

    /// <summary>Sine and cosine of a share of a turn, in units of 2^-32 of one (an unsigned word in
    /// each lane); two units in the last place.</summary>
    /// <remarks>The nearest quarter turn goes by exchange and sign, exactly; what is left, an eighth
    /// of a turn to either side, by polynomials in its square.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Sin, T Cos) SinCosOfTurns<T>(T words) where T : struct, IVector<T>
    {
        var quarter = T.ShiftRightLogical(T.AddBits(words, T.CreateBits(1 << 29)), 30);
        var t = T.FromIntegers(T.SubtractBits(words, T.ShiftLeft(quarter, 30))) * T.Create(1f / (1 << 29));
        var z = t * t;
        var p = T.Create(-3.5954399209003896e-05f);
        p = T.MultiplyAdd(p, z, T.Create(0.0024900068528950214f));
        p = T.MultiplyAdd(p, z, T.Create(-0.08074543625116348f));
        p = T.MultiplyAdd(p, z, T.Create(0.7853981852531433f));
        var sin = t * p;
        var q = T.Create(3.541959813446738e-06f);
        q = T.MultiplyAdd(q, z, T.Create(-0.00032596138771623373f));
        q = T.MultiplyAdd(q, z, T.Create(0.01585433818399906f));
        q = T.MultiplyAdd(q, z, T.Create(-0.3084251284599304f));
        var cos = T.MultiplyAdd(q, z, T.Create(1f));
        // Odd quarters exchange the two; the sine changes its sign in quarters 2 and 3, the cosine in 1 and 2.
        var isOdd = T.ShiftRight(T.ShiftLeft(quarter, 31), 31);
        var sinSign = T.ShiftLeft(T.ShiftRightLogical(quarter, 1), 31);
        var cosSign = T.Xor(sinSign, T.ShiftLeft(quarter, 31));
        return (T.Xor(T.Select(isOdd, cos, sin), sinSign), T.Xor(T.Select(isOdd, sin, cos), cosSign));
    }
}
