using System.Runtime.CompilerServices;
using MlNetRllc.Core.Kernels.Vectors;

namespace MlNetRllc.Core.Randomness;

/// <summary>
/// Philox4x32-10, a counter-based generator: random bits as a pure function of a key and a counter
/// (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
/// </summary>
internal static class Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The four words of one counter.</summary>
    public static PhiloxBlock Block(ulong key, ulong counterLow, ulong counterHigh)
    {
        var (k0, k1) = ((uint)key, (uint)(key >> 32));
        var (c0, c1, c2, c3) = ((uint)counterLow, (uint)(counterLow >> 32), (uint)counterHigh, (uint)(counterHigh >> 32));
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = (ulong)Multiplier0 * c0;
            var product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ k1, (uint)product0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return new(c0, c1, c2, c3);
    }

    /// <summary>The words of counters that follow each other: <paramref name="w0"/> holds the first word of
    /// each, and so on, a 32-bit word in each 64-bit lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blocks<TWords, TVector>(
        ulong key, ulong firstCounter, ulong counterHigh, out TWords w0, out TWords w1, out TWords w2, out TWords w3)
        where TWords : struct, IWords<TWords, TVector>
        where TVector : struct, IVector<TVector>
    {
        var low = TWords.Create(uint.MaxValue);
        var (m0, m1) = (TWords.Create(Multiplier0), TWords.Create(Multiplier1));
        var counters = TWords.CountFrom(firstCounter);
        var (k0, k1) = ((uint)key, (uint)(key >> 32));
        var c0 = TWords.And(counters, low);
        var c1 = TWords.High(counters);
        var c2 = TWords.Create((uint)counterHigh);
        var c3 = TWords.Create(counterHigh >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = TWords.MultiplyLow(m0, c0);
            var product1 = TWords.MultiplyLow(m1, c2);
            c0 = TWords.Xor(TWords.Xor(TWords.High(product1), c1), TWords.Create(k0));
            c1 = TWords.And(product1, low);
            c2 = TWords.Xor(TWords.Xor(TWords.High(product0), c3), TWords.Create(k1));
            c3 = TWords.And(product0, low);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        (w0, w1, w2, w3) = (c0, c1, c2, c3);
    }
}

/// <summary>The four words of one counter.</summary>
internal readonly record struct PhiloxBlock(uint W0, uint W1, uint W2, uint W3);
