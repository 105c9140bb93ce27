// Compiled by MSBuild while building (see OpenReferences.targets), never into the library.
using System;
using System.IO;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Copies assemblies with their internal types and members marked public, by changing flags in the
/// metadata tables in place.</summary>
public sealed class OpenReferences : Task
{
    public ITaskItem[] Originals { get; set; }

    public string Folder { get; set; }

    public override bool Execute()
    {
        Directory.CreateDirectory(Folder);
        foreach (var original in Originals)
        {
            var path = original.ItemSpec;
            var image = File.ReadAllBytes(path);
            using (var pe = new PEReader(new MemoryStream(image, writable: false))) Open(pe, image);
            var target = Path.Combine(Folder, Path.GetFileName(path));
            File.WriteAllBytes(target + ".partial", image);
            if (File.Exists(target)) File.Delete(target);
            File.Move(target + ".partial", target);
        }
        return true;
    }

    private static void Open(PEReader pe, byte[] image)
    {
        var reader = pe.GetMetadataReader();
        var metadata = pe.PEHeaders.MetadataStartOffset;
        // Flags: TypeDef row starts with them (4 bytes), Field row too (2), MethodDef row has them after RVA and ImplFlags (2).
        foreach (var handle in reader.TypeDefinitions)
        {
            var type = reader.GetTypeDefinition(handle);
            // Compiler-made copies of framework types (IsReadOnlyAttribute and the like) stay hidden, else they are ambiguous.
            var space = reader.GetString(type.Namespace);
            var compilerMade = space.StartsWith("System", StringComparison.Ordinal)
                || space.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal);
            var visibility = type.Attributes & TypeAttributes.VisibilityMask;
            if (compilerMade) continue;
            var opened = visibility == TypeAttributes.NotPublic ? TypeAttributes.Public
                : visibility == TypeAttributes.NestedAssembly || visibility == TypeAttributes.NestedFamANDAssem
                    || visibility == TypeAttributes.NestedFamORAssem ? TypeAttributes.NestedPublic
                : visibility;
            var row = Row(reader, metadata, TableIndex.TypeDef, handle);
            image[row] = (byte)(image[row] & ~(int)TypeAttributes.VisibilityMask | (int)opened);

            foreach (var method in type.GetMethods())
                OpenMember(image, Row(reader, metadata, TableIndex.MethodDef, method) + 6);
            foreach (var field in type.GetFields())
                OpenMember(image, Row(reader, metadata, TableIndex.Field, field));
        }
    }

    // Methods and fields share these values: 2 = private protected, 3 = internal, 4 = protected, 6 = public.
    private static void OpenMember(byte[] image, int flags)
    {
        var access = image[flags] & 7;
        var opened = access == 2 ? 4 : access == 3 ? 6 : access;
        image[flags] = (byte)(image[flags] & ~7 | opened);
    }

    private static int Row(MetadataReader reader, int metadata, TableIndex table, EntityHandle handle)
    {
        return metadata + reader.GetTableMetadataOffset(table) + (MetadataTokens.GetRowNumber(handle) - 1) * reader.GetTableRowSize(table);
    }
}
