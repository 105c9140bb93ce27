using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    public static (uint W0, uint W1, uint W2, uint W3) Block(ulong key, ulong counterLow, ulong counterHigh)
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
        return (c0, c1, c2, c3);
    }

    /// <summary>
    /// The words of the counters 8 i .. 8 i + 7, eight counters to a vector: <paramref name="w0"/>
    /// holds the first word of each, and so on, a 32-bit word in each 64-bit lane.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block8(ulong key, ulong firstCounter, ulong counterHigh,
        out Vector512<ulong> w0, out Vector512<ulong> w1, out Vector512<ulong> w2, out Vector512<ulong> w3)
    {
        var low = Vector512.Create(0xFFFFFFFFul);
        var m0 = Vector512.Create((ulong)Multiplier0);
        var m1 = Vector512.Create((ulong)Multiplier1);
        var counters = Vector512.Create(firstCounter) + Vector512<ulong>.Indices;
        var (k0, k1) = ((uint)key, (uint)(key >> 32));
        var c0 = counters & low;
        var c1 = counters >>> 32;
        var c2 = Vector512.Create(counterHigh & 0xFFFFFFFF);
        var c3 = Vector512.Create(counterHigh >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = m0 * c0;
            var product1 = m1 * c2;
            c0 = (product1 >>> 32) ^ c1 ^ Vector512.Create((ulong)k0);
            c1 = product1 & low;
            c2 = (product0 >>> 32) ^ c3 ^ Vector512.Create((ulong)k1);
            c3 = product0 & low;
            k0 += Weyl0;
            k1 += Weyl1;
        }
        (w0, w1, w2, w3) = (c0, c1, c2, c3);
    }
}
