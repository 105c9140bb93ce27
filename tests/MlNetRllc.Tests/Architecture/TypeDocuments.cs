using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace MlNetRllc.Tests.Architecture;

/// <summary>The documents that symbols name for types without code, such as interfaces and enumerations.</summary>
internal static class TypeDocuments
{
    private static readonly Guid Kind = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    /// <summary>By the number of the type in the assembly.</summary>
    /// <param name="symbols">A portable PDB.</param>
    public static ILookup<int, string> Read(string symbols)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols));
        var reader = provider.GetMetadataReader();
        return (from handle in reader.CustomDebugInformation
                let information = reader.GetCustomDebugInformation(handle)
                where reader.GetGuid(information.Kind) == Kind
                from document in Documents(reader, information.Value)
                select (Row: MetadataTokens.GetRowNumber(information.Parent), document)).ToLookup(d => d.Row, d => d.document);
    }

    private static List<string> Documents(MetadataReader reader, BlobHandle value)
    {
        var (blob, found) = (reader.GetBlobReader(value), new List<string>());
        while (blob.RemainingBytes > 0)
            found.Add(reader.GetString(reader.GetDocument(MetadataTokens.DocumentHandle(blob.ReadCompressedInteger())).Name));
        return found;
    }
}
