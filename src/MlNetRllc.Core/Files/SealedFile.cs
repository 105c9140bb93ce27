using System.Security.Cryptography;
using System.Text;

namespace MlNetRllc.Core.Files;

/// <summary>Files of JSON whose last line holds the SHA-256 of what stands before it: one bit that changed since is noticed.</summary>
/// <remarks>Files of earlier versions have no such line; they are taken as they are, and get one when they are next written.</remarks>
public static class SealedFile
{
    private const string Before = "\n{\"sha256\":\"", After = "\"}\n";

    private static readonly int Length = Before.Length + 2 * SHA256.HashSizeInBytes + After.Length;

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="content">What it holds.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; an older file stays.</exception>
    public static void Write(string path, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(content);
            stream.Write(Encoding.ASCII.GetBytes(Before + Convert.ToHexStringLower(SHA256.HashData(content)) + After));
        });
    }

    /// <summary>Reads what a file holds, without its last line.</summary>
    /// <exception cref="InvalidDataException">It is not what was written. A file whose last line itself is damaged cannot be told from one that has
    /// none; what is given then is no JSON.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static ReadOnlyMemory<byte> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < Length || !bytes.AsSpan(bytes.Length - Length).StartsWith(Encoding.ASCII.GetBytes(Before))
            || !bytes.AsSpan().EndsWith(Encoding.ASCII.GetBytes(After))) return bytes;
        var content = bytes.AsMemory(0, bytes.Length - Length);
        var said = Encoding.ASCII.GetString(bytes, content.Length + Before.Length, 2 * SHA256.HashSizeInBytes);
        var found = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        return said == found ? content : throw new InvalidDataException($"its SHA-256 is {found}, not {said}");
    }
}
