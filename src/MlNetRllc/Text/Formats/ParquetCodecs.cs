using System.Buffers.Binary;
using System.Text;

namespace MlNetRllc.Text.Formats;

/// <summary>Finds columns compressed in a way that no version of the format knows, which ParquetSharp takes as uncompressed.</summary>
/// <remarks>
/// Reads no more of the footer than leads to the codecs: Thrift's compact protocol, a struct's fields by their numbers. Every step takes
/// a byte of it, so that a footer of any bytes ends.
/// </remarks>
internal sealed class ParquetCodecs
{
    private const int MostDepth = 40;
    private const int LastCodec = 7;

    private readonly byte[] footer;
    private readonly HashSet<string> unknown = new(StringComparer.Ordinal);
    private int at;

    private ParquetCodecs(byte[] footer) => this.footer = footer;

    /// <summary>Full names, as the file has them, of the columns whose compression is unknown.</summary>
    /// <param name="stream">The file; it is left at its start.</param>
    public static IReadOnlySet<string> Unknown(Stream stream)
    {
        var codecs = new ParquetCodecs(Footer(stream));
        stream.Position = 0;
        try
        {
            // File: 4 row groups; row group: 1 columns; column: 3 its description.
            if (codecs.footer.Length > 0)
                codecs.Struct(0, (4, depth => codecs.List(depth, d => codecs.Struct(d, (1, e => codecs.List(e, f =>
                    codecs.Struct(f, (3, codecs.Column))))))));
        }
        catch (InvalidDataException)
        {
            // The reader of the whole footer says what is wrong with it.
        }
        return codecs.unknown;
    }

    private static byte[] Footer(Stream stream)
    {
        Span<byte> end = stackalloc byte[8];
        if (stream.Length < 12) return [];
        stream.Position = stream.Length - 8;
        stream.ReadExactly(end);
        var length = BinaryPrimitives.ReadInt32LittleEndian(end);
        if (!end[4..].SequenceEqual("PAR1"u8) || length <= 0 || length > stream.Length - 12) return [];
        var footer = new byte[length];
        stream.Position = stream.Length - 8 - length;
        stream.ReadExactly(footer);
        return footer;
    }

    // 3 the path, 4 the codec.
    private void Column(int depth)
    {
        var (path, codec) = (new List<string>(), 0UL);
        Struct(depth, (3, d => List(d, _ => path.Add(Encoding.UTF8.GetString(Bytes())))), (4, _ => codec = Number()));
        // Numbers are stored doubled, those below zero odd.
        if (codec % 2 != 0 || codec / 2 > LastCodec) unknown.Add(string.Join('.', path));
    }

    private void Struct(int depth, params (int Field, Action<int> Read)[] wanted)
    {
        if (depth > MostDepth) throw Broken();
        for (var (field, head) = (0, Byte()); head != 0; head = Byte())
        {
            field = head >> 4 is > 0 and var step ? field + step : (int)((Number() >> 1) & 0x7FFFUL);
            if (wanted.FirstOrDefault(w => w.Field == field).Read is { } read) read(depth + 1);
            else Skip(head & 15, depth + 1, inList: false);
        }
    }

    private void List(int depth, Action<int> item)
    {
        for (var (count, _) = ListHead(); count > 0; count--) item(depth + 1);
    }

    private (ulong Count, int Type) ListHead()
    {
        var head = Byte();
        return (head >> 4 == 15 ? Number() : (ulong)(head >> 4), head & 15);
    }

    private void Skip(int type, int depth, bool inList)
    {
        if (depth > MostDepth) throw Broken();
        switch (type)
        {
            case 1 or 2: if (inList) Byte(); break;
            case 3: Byte(); break;
            case 4 or 5 or 6: Number(); break;
            case 7: Take(8); break;
            case 8: Bytes(); break;
            case 9 or 10:
                for (var (count, of) = ListHead(); count > 0; count--) Skip(of, depth + 1, inList: true);
                break;
            case 12: Struct(depth + 1); break;
            default: throw Broken();
        }
    }

    private ulong Number()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 127) << shift;
            if (next < 128) return value;
        }
        throw Broken();
    }

    private ReadOnlySpan<byte> Bytes() => Take(Number());

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(footer.Length - at)) throw Broken();
        at += (int)length;
        return footer.AsSpan(at - (int)length, (int)length);
    }

    private byte Byte() => at < footer.Length ? footer[at++] : throw Broken();

    private static InvalidDataException Broken() => new("the footer is broken.");
}
