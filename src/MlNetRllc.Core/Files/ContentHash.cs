using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MlNetRllc.Core.Files;

/// <summary>Content in short: SHA-256, as 64 lower-case hexadecimal digits.</summary>
public static class ContentHash
{
    /// <summary>Bytes of a hash before it is written in digits.</summary>
    public const int Size = 32;

    /// <summary>Digits of a hash as it is written.</summary>
    public const int Digits = 2 * Size;

    /// <summary>Of a text, by its UTF-8 bytes.</summary>
    public static string OfText(string text) => OfBytes(Encoding.UTF8.GetBytes(text));

    /// <summary>Of bytes.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Size];
        Write(bytes, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Of numbers or flags, by their bytes as they lie in memory.</summary>
    public static string OfValues<T>(ReadOnlySpan<T> values) where T : unmanaged => OfBytes(MemoryMarshal.AsBytes(values));

    /// <summary>Of what is left of a stream.</summary>
    public static string OfStream(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));

    /// <summary>Of a file, which others may have open.</summary>
    public static string OfFile(string path)
    {
        using var stream = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20);
        return OfStream(stream);
    }

    /// <summary>Writes the hash of bytes as bytes, without allocating.</summary>
    /// <param name="bytes">The content.</param>
    /// <param name="hash">At least <see cref="Size"/> bytes.</param>
    public static void Write(ReadOnlySpan<byte> bytes, Span<byte> hash) => SHA256.HashData(bytes, hash);
}
