using ICSharpCode.SharpZipLib.Checksum;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace MlNetRllc.Text.Sources;

/// <summary>Decompresses gzip: all members of a file, each checked against its length and CRC. Zeros may stand between them.</summary>
/// <remarks>
/// The framework's own decoder takes a cut-off file for a whole one, and SharpZipLib's takes what follows a member and is none for
/// the end. Either would lose text in silence, so the frame is read here and SharpZipLib inflates.
/// </remarks>
internal sealed class GzipMembers(Stream inner) : ReadingStream
{
    private const byte HasHeaderCrc = 2, HasExtra = 4, HasName = 8, HasComment = 16, Reserved = 0xE0;

    private readonly byte[] input = new byte[1 << 16];
    private readonly Inflater inflater = new(noHeader: true);
    private readonly Crc32 crc = new();
    private int start;
    private int end;
    private bool begun;
    private bool inside;

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (count > 0 && (inside || BeginMember()))
        {
            var read = Inflate(buffer, offset, count);
            if (inflater.IsFinished) EndMember();
            if (read > 0) return read;
        }
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private int Inflate(byte[] buffer, int offset, int count)
    {
        if (inflater.IsNeedingInput)
        {
            if (!HasInput()) throw Ended();
            inflater.SetInput(input, start, end - start);
            start = end;
        }
        var read = inflater.Inflate(buffer, offset, count);
        crc.Update(new ArraySegment<byte>(buffer, offset, read));
        if (read == 0 && inflater.IsNeedingDictionary) throw new InvalidDataException("it needs a dictionary, which gzip has not.");
        return read;
    }

    // False at the end of the file. A file of no byte is cut off: gzip of no text has a member.
    private bool BeginMember()
    {
        while (begun && HasInput() && input[start] == 0) start++;
        if (!HasInput()) return begun ? false : throw Ended();
        crc.Reset();
        if (Next() != 0x1F || Next() != 0x8B || Next() != 8)
            throw new InvalidDataException(begun ? "bytes follow that are no gzip." : "it does not begin as gzip does.");
        var flags = Next();
        if ((flags & Reserved) != 0) throw new InvalidDataException("its header has flags that gzip does not know.");
        Skip(6);
        if ((flags & HasExtra) != 0) Skip(Two());
        if ((flags & HasName) != 0) SkipString();
        if ((flags & HasComment) != 0) SkipString();
        var computed = crc.Value & ushort.MaxValue;
        if ((flags & HasHeaderCrc) != 0 && Two() != computed) throw new InvalidDataException("its header has another CRC than it says.");
        inflater.Reset();
        crc.Reset();
        return begun = inside = true;
    }

    private void EndMember()
    {
        start = end - inflater.RemainingInput;
        var (computed, length) = (crc.Value, inflater.TotalOut & uint.MaxValue);
        if (Number() != computed) throw new InvalidDataException("its text has another CRC than it says.");
        if (Number() != length) throw new InvalidDataException("its text has another length than it says.");
        inside = false;
    }

    private long Number() => Two() + ((long)Two() << 16);

    private int Two() => Next() | Next() << 8;

    private void Skip(int count)
    {
        for (var i = 0; i < count; i++) Next();
    }

    private void SkipString()
    {
        while (Next() != 0) { }
    }

    private int Next()
    {
        if (!HasInput()) throw Ended();
        crc.Update(input[start]);
        return input[start++];
    }

    private bool HasInput()
    {
        if (start == end) (start, end) = (0, inner.Read(input, 0, input.Length));
        return start < end;
    }

    private static EndOfStreamException Ended() => new("it ends where more must follow.");
}
