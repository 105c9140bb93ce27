using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Kernels.Vectors;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Randomness;

/// <summary>
/// Random numbers as a function of names and an index, never of the order in which they are asked
/// for, so that resuming, reordering or distributing work changes no bit of a result.
/// </summary>
public readonly struct NamedRandom
{
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
    /// <remarks>Box-Muller on 32-bit words: the largest value is 6.7. Where a prefix is asked
    /// for, it is the prefix of the longer fill. The bits are the same on every processor.</remarks>
    public void Normals(Span<float> normals, ulong index)
    {
        if (KernelSet.Used.Width == 512) NormalNoise<W512, V512>.Fill(normals, key, index);
        else if (KernelSet.Used.Width == 256) NormalNoise<WordPair<W256, V256>, VectorPair<V256>>.Fill(normals, key, index);
        else NormalNoise<WordPair<WordPair<W128, V128>, VectorPair<V128>>, VectorPair<VectorPair<V128>>>.Fill(normals, key, index);
    }

    /// <summary>Fills <paramref name="normals"/> with the same normals in double precision.</summary>
    public void Normals(Span<double> normals, ulong index)
    {
        var single = new float[normals.Length];
        Normals(single, index);
        for (var i = 0; i < single.Length; i++) normals[i] = single[i];
    }
}
