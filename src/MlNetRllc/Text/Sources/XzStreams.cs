using System.Buffers.Binary;
using SharpCompress.Compressors.Xz;
using Crc32 = ICSharpCode.SharpZipLib.Checksum.Crc32;

namespace MlNetRllc.Text.Sources;

/// <summary>Decompresses xz: all streams of a file, as parallel compression and appending write them, and the padding between.</summary>
/// <remarks>
/// SharpCompress reads one stream, checks its blocks and leaves the index unread. The index says what blocks there are, so it is checked
/// here: a block that is missing would be text lost in silence.
/// </remarks>
internal sealed class XzStreams(Stream inner) : ReadingStream
{
    private const int HeaderSize = 12, FooterSize = 12, Alignment = 4;

    private XZStream? stream;
    private long began;
    private long delivered;

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (count > 0 && (stream is not null || Begin()))
        {
            var read = stream!.Read(buffer, offset, count);
            delivered += read;
            if (stream.Footer is not null) End(stream);
            if (read > 0) return read;
        }
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    // False at the end of the file. Padding is zeros in fours, behind a stream.
    private bool Begin()
    {
        if (inner.Position > 0)
        {
            var padding = 0L;
            int next;
            while ((next = inner.ReadByte()) == 0) padding++;
            if (padding % Alignment != 0) throw new InvalidDataException($"{padding} zeros follow a stream; padding comes in fours.");
            if (next < 0) return false;
            inner.Position--;
        }
        (began, delivered) = (inner.Position, 0);
        stream = new XZStream(inner);
        return true;
    }

    private void End(XZStream ended)
    {
        var (end, size) = (inner.Position, ended.Footer.BackwardSize);
        var indexed = end - FooterSize - size;
        var blocks = ended.Index.Records.Sum(block => checked((long)((block.UnpaddedSize + Alignment - 1) / Alignment * Alignment)));
        if (indexed != ended.Index.StreamStartPosition || indexed != began + HeaderSize + blocks || !HasItsCrc(indexed, size))
            throw new InvalidDataException("the index of a stream is not that of its blocks.");
        if (ended.Index.Records.Sum(block => checked((long)block.UncompressedSize)) != delivered)
            throw new InvalidDataException($"a stream holds {delivered:N0} bytes, and its index says otherwise.");
        if (ended.Footer.StreamFlags is not [0, var check] || check != (byte)ended.Header.BlockCheckType)
            throw new InvalidDataException("a stream ends as another kind than it began.");
        inner.Position = end;
        stream = null;
    }

    // Whether the index ends with the CRC of what stands before.
    private bool HasItsCrc(long place, long size)
    {
        var index = new byte[size];
        inner.Position = place;
        inner.ReadExactly(index);
        var crc = new Crc32();
        crc.Update(new ArraySegment<byte>(index, 0, index.Length - 4));
        return BinaryPrimitives.ReadUInt32LittleEndian(index.AsSpan(index.Length - 4)) == crc.Value;
    }
}
