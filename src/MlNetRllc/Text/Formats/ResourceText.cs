using System.Collections;
using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Resources;

namespace MlNetRllc.Text;

/// <summary>The messages in a .NET assembly's resources, in the order of their keys, a few to a document.</summary>
internal static class ResourceText
{
    // A message alone is a line; several make a document with something to look back at.
    private const int MessagesPerDocument = 20;

    public static IEnumerable<TextDocument> Read(SourceFile file)
    {
        List<(string Resource, ImmutableArray<byte> Bytes)> resources;
        try
        {
            using var stream = file.OpenDecompressed();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.Position = 0;
            resources = Embedded(copy);
        }
        catch (BadImageFormatException e)
        {
            throw new InvalidDataException($"{file.Name} is not a .NET assembly: {e.Message}", e);
        }
        foreach (var (name, bytes) in resources)
        {
            using var reader = new ResourceReader(new MemoryStream([.. bytes]));
            var messages = reader.Cast<DictionaryEntry>().Where(entry => entry.Value is string { Length: > 0 })
                .OrderBy(entry => (string)entry.Key, StringComparer.Ordinal).Select(entry => ((string)entry.Value!).Trim());
            foreach (var (chunk, index) in messages.Chunk(MessagesPerDocument).Select((chunk, index) => (chunk, index)))
                yield return new TextDocument(string.Join('\n', chunk), $"{file.Name}/{name}[{index * MessagesPerDocument}]");
        }
    }

    private static List<(string, ImmutableArray<byte>)> Embedded(Stream assembly)
    {
        using var image = new PEReader(assembly);
        var metadata = image.GetMetadataReader();
        var folder = image.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress;
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
