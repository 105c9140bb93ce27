using System.Buffers.Binary;
using System.Collections;
using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Resources;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Text.Formats;

/// <summary>The messages in a .NET assembly's resources, in the order of their keys, a few to a document.</summary>
internal static class ResourceText
{
    // A message alone is a line; several make a document with something to look back at.
    private const int MessagesPerDocument = 20;

    public static IEnumerable<TextDocument> Read(SourceFile file)
    {
        foreach (var (resource, messages) in Messages(file))
            foreach (var (chunk, index) in messages.Chunk(MessagesPerDocument).Select((chunk, index) => (chunk, index)))
                yield return new TextDocument(string.Join('\n', chunk), $"{file.Name}/{resource}[{index * MessagesPerDocument}]");
    }

    private static List<(string Resource, List<string> Messages)> Messages(SourceFile file)
    {
        try
        {
            using var stream = file.OpenDecompressed();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.Position = 0;
            return [.. Embedded(copy).Select(resource => (resource.Item1, Strings(resource.Item2)))];
        }
        // The readers of images and resources throw whatever a broken one leads them to.
        catch (Exception e) when (e is not
            (OutOfMemoryException or InvalidDataException { InnerException: not null } or FileNotFoundException))
        {
            throw new InvalidDataException(
                $"{file.Name} is no .NET assembly with resources, or a broken one: "
                + $"{e.Message} Name an assembly, or fetch it again.", e);
        }
    }

    private static List<string> Strings(ImmutableArray<byte> bytes)
    {
        // The reader allots what the header claims before it looks for it.
        if (Claimed(bytes.AsSpan()) > bytes.Length)
            throw new BadImageFormatException("its resources claim more entries than they have bytes.");
        using var reader = new ResourceReader(new MemoryStream([.. bytes]));
        return [.. reader.Cast<DictionaryEntry>().Where(entry => entry.Value is string text && !string.IsNullOrWhiteSpace(text))
            .OrderBy(entry => (string)entry.Key, StringComparer.Ordinal).Select(entry => ((string)entry.Value!).Trim())];
    }

    // A mark, a version and the length of what names the reader; then a version, the number of resources and that of their types.
    private static long Claimed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 12) return 0;
        var at = 12 + (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (at + 12 > bytes.Length) return 0;
        var counts = bytes.Slice((int)at + 4, 8);
        return Math.Max(BinaryPrimitives.ReadUInt32LittleEndian(counts), BinaryPrimitives.ReadUInt32LittleEndian(counts[4..]));
    }

    private static List<(string, ImmutableArray<byte>)> Embedded(Stream assembly)
    {
        using var image = new PEReader(assembly);
        if (image.PEHeaders.CorHeader is not { } header || !image.HasMetadata) throw new BadImageFormatException("it is a native library.");
        var metadata = image.GetMetadataReader();
        var folder = header.ResourcesDirectory.RelativeVirtualAddress;
        var found = new List<(string, ImmutableArray<byte>)>();
        foreach (var handle in metadata.ManifestResources)
        {
            var resource = metadata.GetManifestResource(handle);
            var name = metadata.GetString(resource.Name);
            if (!resource.Implementation.IsNil || !name.EndsWith(".resources", StringComparison.Ordinal)) continue;
            var section = image.GetSectionData(folder);
            var reader = section.GetReader((int)resource.Offset, section.Length - (int)resource.Offset);
            found.Add((name, [.. reader.ReadBytes(reader.ReadInt32())]));
        }
        return found;
    }
}
