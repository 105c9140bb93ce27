using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Weights;

/// <summary>The SHA-256 of weights and metadata, among the metadata of the files that this library
/// writes. Other programs' files have none.</summary>
internal static class WeightDigest
{
    /// <summary>Metadata key of the digest, in lower-case hexadecimal.</summary>
    public const string Key = "rllc.sha256";

    /// <summary>The metadata with the digest of weights and metadata added.</summary>
    public static Dictionary<string, string> Added(
        WeightSet weights, IReadOnlyDictionary<string, string> metadata) =>
        new(metadata, StringComparer.Ordinal) { [Key] = DigestOf(weights, metadata) };

    /// <summary>Checks what was read of a whole file against the digest in its metadata, where
    /// there is one.</summary>
    /// <exception cref="InvalidDataException">The file is not what was written.</exception>
    public static void Check(WeightSet weights, IReadOnlyDictionary<string, string> metadata, string source)
    {
        if (!metadata.TryGetValue(Key, out var said) || DigestOf(weights, metadata) is var found && found == said)
            return;
        var why = $"the SHA-256 of its weights and metadata is {found}, not {said}";
        throw DamagedFile.ExceptionFor(
            why, $"{source} is damaged: {why}. Copy it again from where it came, or make it again.");
    }

    // Lengths stand before texts, so that no two sets give the same bytes.
    private static string DigestOf(WeightSet weights, IReadOnlyDictionary<string, string> metadata)
    {
        using var hash = new ContentHasher();
        foreach (var (key, value) in metadata.Where(m => m.Key != Key).OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            Add(hash, key);
            Add(hash, value);
        }
        foreach (var weight in weights)
        {
            Add(hash, weight.Name);
            Add(hash, string.Join(' ', weight.Shape));
            Add(hash, weight.Values);
        }
        return hash.Value;
    }

    private static void Add(ContentHasher hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.Add<byte>(length);
        hash.Add<byte>(bytes);
    }

    private static void Add(ContentHasher hash, float[] values)
    {
        if (BitConverter.IsLittleEndian)
        {
            hash.Add<float>(values);
            return;
        }
        var swapped = new int[values.Length];
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(values), swapped);
        hash.Add<int>(swapped);
    }
}
