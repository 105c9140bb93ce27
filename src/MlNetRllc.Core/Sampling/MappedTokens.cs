using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace MlNetRllc.Core.Sampling;

/// <summary>Tokens of a file (Int32, little-endian, nothing else) as memory: pages come from the disk when they are read.</summary>
/// <remarks>The mapping lives as long as the object; a file must not be cut while it is mapped.</remarks>
public sealed unsafe class MappedTokens : MemoryManager<int>
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly int length;

    /// <summary>Maps a file for reading.</summary>
    /// <param name="path">The file of tokens.</param>
    /// <exception cref="InvalidDataException">The file is empty, holds a part of a token, or holds more than 2^31 - 1.</exception>
    public MappedTokens(string path)
    {
        var bytes = new FileInfo(path).Length;
        if (bytes == 0 || bytes % sizeof(int) != 0 || bytes / sizeof(int) > int.MaxValue)
            throw new InvalidDataException($"{path} holds {bytes:N0} bytes, which are not 1 to {int.MaxValue:N0} tokens of 4 bytes.");
        length = (int)(bytes / sizeof(int));
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, bytes, MemoryMappedFileAccess.Read);
    }

    // The handle's own pointer, without AcquirePointer: a count taken there would keep the mapping after the last reference is gone.
    private int* Start => (int*)(view.SafeMemoryMappedViewHandle.DangerousGetHandle() + (nint)view.PointerOffset);

    /// <inheritdoc/>
    public override Span<int> GetSpan() => new(Start, length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)length);
        return new(Start + elementIndex, default, this);
    }

    /// <inheritdoc/>
    public override void Unpin() { }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        view.Dispose();
        file.Dispose();
    }
}
