using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Text.Cards;

/// <summary>Numbers that depend on a text and a seed alone.</summary>
internal static class DocumentHash
{
    public static UInt128 Hash128(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[ContentHash.Size];
        ContentHash.Write(MemoryMarshal.AsBytes(text), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>A number in [0, 1).</summary>
    public static double Share(ReadOnlySpan<char> text) => (double)(ulong)(Hash128(text) >> 75) * Math.Pow(2, -53);

    public static UInt128 Hash128(ReadOnlySpan<char> text, long seed)
    {
        Span<byte> key = stackalloc byte[24];
        BinaryPrimitives.WriteUInt128BigEndian(key, Hash128(text));
        BinaryPrimitives.WriteInt64BigEndian(key[16..], seed);
        Span<byte> hash = stackalloc byte[ContentHash.Size];
        ContentHash.Write(key, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
