using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MlNetRllc.Core.Contexts;

/// <summary>Tokens of a file (Int32, little-endian, nothing else), read where they are asked for:
/// the file may be larger than memory.</summary>
/// <remarks>
/// Read, not mapped: whoever still holds what was read holds a copy, so nothing that happens to the
/// object or to the file can reach into it. The system keeps the pages that are read often. Safe
/// for any number of threads; one open file, given back on disposal or with the object.
/// </remarks>
public sealed class TokenFile : IDisposable
{
    private const int Chunk = 1 << 16;

    private readonly SafeFileHandle handle;
    private readonly string path;
    private int? largest;

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file of tokens.</param>
    /// <exception cref="InvalidDataException">The file is empty or holds a part of a token.</exception>
    public TokenFile(string path)
    {
        this.path = Path.GetFullPath(path);
        handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var bytes = RandomAccess.GetLength(handle);
        Count = bytes / sizeof(int);
        if (bytes > 0 && bytes % sizeof(int) == 0) return;
        handle.Dispose();
        throw new InvalidDataException(
            $"{this.path} holds {bytes:N0} bytes, which are not one or more tokens of 4 bytes.");
    }

    /// <summary>Number of tokens.</summary>
    public long Count { get; }

    /// <summary>The largest token id; found once, by reading the file.</summary>
    /// <exception cref="InvalidDataException">A token is negative, or the file was cut since it was
    /// opened.</exception>
    public int LargestToken => largest ??= FindLargest();

    /// <summary>Reads tokens.</summary>
    /// <param name="first">Number of the first, from 0.</param>
    /// <param name="tokens">Receives as many as it holds.</param>
    /// <exception cref="ArgumentOutOfRangeException">They lie beyond the end.</exception>
    /// <exception cref="InvalidDataException">The file was cut since it was opened.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void Read(long first, Span<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count - tokens.Length);
        var left = MemoryMarshal.AsBytes(tokens);
        for (var at = first * sizeof(int); left.Length > 0;)
        {
            var read = RandomAccess.Read(handle, left, at);
            if (read == 0)
                throw new InvalidDataException(
                    $"{path} was cut after it was opened: it held {Count:N0} tokens. Make it anew.");
            left = left[read..];
            at += read;
        }
        if (BitConverter.IsLittleEndian) return;
        foreach (ref var token in tokens)
            token = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(token);
    }

    /// <summary>Closes the file. A read in progress ends first; a later one throws.</summary>
    public void Dispose() => handle.Dispose();

    /// <summary>All tokens, piece by piece, in order; each piece is valid until the next.</summary>
    internal IEnumerable<ReadOnlyMemory<int>> Pieces()
    {
        var buffer = new int[(int)Math.Min(Chunk, Count)];
        for (var at = 0L; at < Count; at += buffer.Length)
        {
            var piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, Count - at));
            Read(at, piece.Span);
            yield return piece;
        }
    }

    private int FindLargest()
    {
        var (found, at) = (-1, 0L);
        foreach (var piece in Pieces())
        {
            var negative = piece.Span.IndexOfAnyInRange(int.MinValue, -1);
            if (negative >= 0)
                throw new InvalidDataException(
                    $"{path} holds the token id {piece.Span[negative]} at {at + negative}; ids start at 0.");
            found = Math.Max(found, System.Numerics.Tensors.TensorPrimitives.Max(piece.Span));
            at += piece.Length;
        }
        return found;
    }
}
