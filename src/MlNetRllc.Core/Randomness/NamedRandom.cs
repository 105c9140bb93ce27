using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Randomness;

/// <summary>
/// Random numbers as a function of names and an index, never of the order in which they are asked
/// for, so that resuming, reordering or distributing work changes no bit of a result.
/// </summary>
public readonly struct NamedRandom
{
    private const int Lanes = VectorFunctions.Lanes;
    private readonly ulong key;

    private NamedRandom(ulong key) => this.key = key;

    /// <summary>The stream of a list of names, such as (seed, checkpoint, component, dataset,
    /// chain, purpose).</summary>
    public static NamedRandom Stream(params ReadOnlySpan<object> names)
    {
        var text = new StringBuilder();
        foreach (var name in names)
        {
            var word = Convert.ToString(name, CultureInfo.InvariantCulture) ?? "";
            text.Append(word.Length).Append(':').Append(word).Append(';');
        }
        Span<byte> hash = stackalloc byte[ContentHash.Size];
        ContentHash.Write(Encoding.UTF8.GetBytes(text.ToString()), hash);
        return new(BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }

    /// <summary>A uniform integer in [0, bound) for each (index, draw).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive.</exception>
    public int Integer(int bound, ulong index, ulong draw)
    {
        Limits.Positive(bound);
        // Lemire's multiply-shift on 64 random bits: the bias, below 2^-32 for any bound, cannot be seen.
        var (w0, w1, _, _) = Philox.Block(key, draw, index);
        return (int)Math.BigMul(((ulong)w1 << 32) | w0, (ulong)bound, out _);
    }

    /// <summary>A uniform number in (0, 1) for each (index, draw).</summary>
    public double Uniform(ulong index, ulong draw)
    {
        var (w0, w1, _, _) = Philox.Block(key, draw, index);
        return ((((ulong)w1 << 32 | w0) >> 12) + 0.5) * (1.0 / (1ul << 52));
    }

    /// <summary>Fills <paramref name="normals"/> with independent standard normals, a pure function
    /// of the stream and <paramref name="index"/>.</summary>
    /// <remarks>Box-Muller on 32-bit uniforms: the largest value is 6.8. Where a prefix is asked
    /// for, it is the prefix of the longer fill.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Normals(Span<float> normals, ulong index)
    {
        Span<float> tail = stackalloc float[2 * Lanes];
        ref var target = ref MemoryMarshal.GetReference(normals);
        var done = 0;
        for (var block = 0ul; done < normals.Length; block += 8, done += 2 * Lanes)
        {
            Philox.Block8(key, block, index, out var w0, out var w1, out var w2, out var w3);
            var radiusBits = Vector512.Narrow(w0, w1);
            var angleBits = Vector512.Narrow(w2, w3);
            // (word + 1/2) 2^-32 lies in (0, 1]; the conversion rounds
            // the top words to 1, whose radius is 0.
            var uniform = (Vector512.ConvertToSingle(radiusBits) + Vector512.Create(0.5f)) * Vector512.Create(1f / 4294967296f);
            var radius = Vector512.Sqrt(Vector512.Create(-2f) * VectorFunctions.Log(Vector512.Min(uniform, Vector512<float>.One)));
            var (sin, cos) = VectorFunctions.SinCos(Vector512.ConvertToSingle(angleBits) * Vector512.Create(MathF.Tau / 4294967296f));
            if (normals.Length - done >= 2 * Lanes)
            {
                (radius * cos).StoreUnsafe(ref target, (nuint)done);
                (radius * sin).StoreUnsafe(ref target, (nuint)(done + Lanes));
                continue;
            }
            (radius * cos).CopyTo(tail);
            (radius * sin).CopyTo(tail[Lanes..]);
            tail[..(normals.Length - done)].CopyTo(normals[done..]);
        }
    }

    /// <summary>Fills <paramref name="normals"/> with the same normals in double precision.</summary>
    public void Normals(Span<double> normals, ulong index)
    {
        var single = new float[normals.Length];
        Normals(single, index);
        for (var i = 0; i < single.Length; i++) normals[i] = single[i];
    }
}
