using System.Buffers.Binary;
using System.Text;

namespace MlNetRllc.Core.Native;

/// <summary>Edits the symbol-version needs (section <c>.gnu.version_r</c>) of a 64-bit little-endian ELF image.</summary>
internal static class ElfVersionNeeds
{
    private const uint SectionTypeVersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 2;                           // VER_FLG_WEAK

    /// <summary>Marks every need of <paramref name="version"/> as weak, so that a loader that lacks it goes on.</summary>
    /// <returns>How many needs were marked.</returns>
    public static int MarkWeak(Span<byte> image, string version)
    {
        if (image.Length < 64 || !image[..6].SequenceEqual<byte>([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
            throw new BadImageFormatException("not a 64-bit little-endian ELF file");

        var sections = (int)BinaryPrimitives.ReadUInt64LittleEndian(image[0x28..]);
        var entrySize = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3a..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3c..]);
        var marked = 0;
        for (var i = 0; i < count; i++)
        {
            var header = image.Slice(sections + i * entrySize, entrySize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != SectionTypeVersionNeeds) continue;
            var offset = (int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]);
            var link = BinaryPrimitives.ReadInt32LittleEndian(header[0x28..]);
            var needs = BinaryPrimitives.ReadInt32LittleEndian(header[0x2c..]);
            var names = (int)BinaryPrimitives.ReadUInt64LittleEndian(image[(sections + link * entrySize + 0x18)..]);
            marked += MarkNeeds(image, offset, needs, names, version);
        }
        return marked;
    }

    private static int MarkNeeds(Span<byte> image, int need, int needs, int names, string version)
    {
        var wanted = Encoding.ASCII.GetBytes(version + '\0');
        var marked = 0;
        for (var i = 0; i < needs; i++)
        {
            var entries = BinaryPrimitives.ReadUInt16LittleEndian(image[(need + 2)..]);
            var entry = need + BinaryPrimitives.ReadInt32LittleEndian(image[(need + 8)..]);
            for (var j = 0; j < entries; j++)
            {
                var name = names + BinaryPrimitives.ReadInt32LittleEndian(image[(entry + 8)..]);
                if (image[name..].StartsWith(wanted))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(image[(entry + 4)..], Weak);
                    marked++;
                }
                entry += BinaryPrimitives.ReadInt32LittleEndian(image[(entry + 12)..]);
            }
            need += BinaryPrimitives.ReadInt32LittleEndian(image[(need + 12)..]);
        }
        return marked;
    }
}
