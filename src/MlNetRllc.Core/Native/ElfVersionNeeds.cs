// Compiled twice: into the library, and by MSBuild into a task of whoever builds with it
// (buildTransitive/MlNetRllc.Core.targets), which has no spans.
using System;
using System.IO;
using System.Text;

namespace MlNetRllc.Core.Native;

/// <summary>Edits the symbol-version needs (section <c>.gnu.version_r</c>) of a 64-bit
/// little-endian ELF image.</summary>
internal static class ElfVersionNeeds
{
    private const uint SectionTypeVersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const byte Weak = 2;                             // VER_FLG_WEAK
    private static readonly byte[] Begin = { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 };

    /// <summary>Marks every need of <paramref name="version"/> as weak, so that a loader that lacks
    /// it goes on.</summary>
    /// <returns>How many needs were marked.</returns>
    /// <exception cref="BadImageFormatException">The image is of another kind, or points outside
    /// itself.</exception>
    public static int MarkWeak(byte[] image, string version)
    {
        if (image.Length < 64 || !Holds(image, 0, Begin))
            throw new BadImageFormatException("not a 64-bit little-endian ELF file");
        try
        {
            return MarkSections(image, Encoding.ASCII.GetBytes(version + '\0'));
        }
        catch (Exception e) when (e is ArgumentException || e is IndexOutOfRangeException || e is OverflowException)
        {
            throw new BadImageFormatException("an ELF file that points outside itself", e);
        }
    }

    private static int MarkSections(byte[] image, byte[] version)
    {
        var sections = Long(image, 0x28);
        var (entrySize, count) = (Short(image, 0x3a), Short(image, 0x3c));
        var marked = 0;
        for (var i = 0; i < count; i++)
        {
            var header = sections + i * entrySize;
            if (unchecked((uint)Int(image, header + 4)) != SectionTypeVersionNeeds) continue;
            var names = Long(image, sections + Int(image, header + 0x28) * entrySize + 0x18);
            marked += MarkNeeds(image, Long(image, header + 0x18), Int(image, header + 0x2c), names, version);
        }
        return marked;
    }

    private static int MarkNeeds(byte[] image, int need, int needs, int names, byte[] version)
    {
        var marked = 0;
        for (var i = 0; i < needs; i++)
        {
            var entry = need + Int(image, need + 8);
            for (var left = Short(image, need + 2); left > 0; left--)
            {
                if (Holds(image, names + Int(image, entry + 8), version))
                {
                    (image[entry + 4], image[entry + 5]) = (Weak, 0);
                    marked++;
                }
                entry += Int(image, entry + 12);
            }
            need += Int(image, need + 12);
        }
        return marked;
    }

    private static bool Holds(byte[] image, int start, byte[] wanted)
    {
        for (var i = 0; i < wanted.Length; i++)
            if (image[start + i] != wanted[i]) return false;
        return true;
    }

    private static int Short(byte[] image, int at) => image[at] | image[at + 1] << 8;

    private static int Int(byte[] image, int at) => Short(image, at) | Short(image, at + 2) << 16;

    private static int Long(byte[] image, int at)
    {
        if (Int(image, at + 4) != 0) throw new OverflowException();
        return checked((int)unchecked((uint)Int(image, at)));
    }
}

#if !NET
/// <summary>Copies ELF files with every need of one symbol version marked weak; a copy is there
/// whole or not at all.</summary>
public sealed class MarkVersionNeedWeak : Microsoft.Build.Utilities.Task
{
    public Microsoft.Build.Framework.ITaskItem[] Originals { get; set; }

    public Microsoft.Build.Framework.ITaskItem[] Copies { get; set; }

    public string Version { get; set; }

    public override bool Execute()
    {
        for (var i = 0; i < Originals.Length; i++)
        {
            var (original, copy) = (Originals[i].ItemSpec, Copies[i].ItemSpec);
            try
            {
                var image = File.ReadAllBytes(original);
                ElfVersionNeeds.MarkWeak(image, Version);
                Directory.CreateDirectory(Path.GetDirectoryName(copy));
                File.WriteAllBytes(copy + ".partial", image);
                if (File.Exists(copy)) File.Delete(copy); // by rename: what the copy was linked to stays as it is
                File.Move(copy + ".partial", copy);
            }
            catch (Exception e) when (e is IOException || e is UnauthorizedAccessException || e is BadImageFormatException)
            {
                Log.LogError($"{original} cannot be made loadable on Debian 12 and Ubuntu 22.04 as {copy}: {e.Message}");
            }
        }
        return !Log.HasLoggedErrors;
    }
}
#endif
