using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Weights;

/// <summary>Reads and writes weights in the safetensors format (8 bytes of header length, a JSON
/// header, then raw values).</summary>
/// <remarks>
/// Read: F64, F32, F16 and BF16, all converted to float32; tensors of other types
/// (integers, booleans, 8-bit floats) are refused by name, unless the caller leaves them
/// out. Values that are not finite are refused. Written: F32, the tensors in the set's own
/// order, metadata first and sorted by key, the header padded with spaces to 8 bytes; the
/// same set and metadata give the same bytes.
/// </remarks>
public static class Safetensors
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="weights">What to write.</param>
    /// <param name="metadata">Free-form text under <c>__metadata__</c>.</param>
    /// <exception cref="ArgumentException">A weight holds a value that is not finite, or a name
    /// cannot be written; nothing is written.</exception>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; an older
    /// file stays.</exception>
    public static void Write(
        string path, WeightSet weights, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var header = Header(weights, metadata);
        AtomicFile.Write(path, stream => Write(stream, header, weights));
    }

    /// <summary>Writes to a stream, which stays open.</summary>
    /// <inheritdoc cref="Write(string, WeightSet, IReadOnlyDictionary{string, string})"/>
    public static void Write(
        Stream stream, WeightSet weights, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Write(stream, Header(weights, metadata), weights);
    }

    /// <summary>Reads a file through a memory map.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">Names to read; all when null.</param>
    /// <exception cref="InvalidDataException">The file is cut short, its header lies, a wanted
    /// tensor is not of a floating-point type or holds a value that is not finite, or the file is
    /// one that this library wrote and was changed since; the message names the tensor and the
    /// reason.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static (WeightSet Weights, IReadOnlyDictionary<string, string> Metadata) Read(
        string path, Func<string, bool>? wanted = null) => Read(path, wanted, named: null);

    /// <summary>The same; <paramref name="named"/> is told the names of all tensors before any is read.</summary>
    internal static (WeightSet Weights, IReadOnlyDictionary<string, string> Metadata) Read(
        string path, Func<string, bool>? wanted, Action<IEnumerable<string>>? named)
    {
        using var file = SafetensorsFile.Open(path);
        named?.Invoke(file.Names);
        var weights = file.ReadAll(wanted);
        if (weights.Count == file.Names.Count()) WeightDigest.Check(weights, file.Metadata, path);
        return (weights, file.Metadata);
    }

    /// <summary>Reads from a stream and leaves it just after the last tensor, so that more may
    /// follow.</summary>
    /// <param name="stream">Need not seek; memory grows only with what it really holds.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <exception cref="InvalidDataException">As for a file.</exception>
    public static (WeightSet Weights, IReadOnlyDictionary<string, string> Metadata) Read(
        Stream stream, string source = "the stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        long? available = stream.CanSeek ? stream.Length - stream.Position : null;
        var end = stream.CanSeek ? stream.Length : long.MaxValue;
        var header = SafetensorsFile.ReadHeader(stream, source, available);
        var left = stream.CanSeek ? end - stream.Position : (long?)null;
        if (left < header.DataLength)
        {
            var entry = header.Entries.First(e => e.End > left);
            throw new InvalidDataException($"{source}: the tensor {entry.Name} ends at byte {entry.End} of the data, " +
                $"of which {left} are there; it is cut short.");
        }
        return (new(header.Entries.Select(e => SafetensorsFile.Read(stream, e, source, left is not null)).ToList()), header.Metadata);
    }

    private static void Write(Stream stream, byte[] header, WeightSet weights)
    {
        stream.Write(header);
        foreach (var weight in weights)
        {
            if (BitConverter.IsLittleEndian) stream.Write(MemoryMarshal.AsBytes(weight.Values.AsSpan()));
            else
            {
                var swapped = new int[weight.Values.Length];
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(weight.Values), swapped);
                stream.Write(MemoryMarshal.AsBytes(swapped.AsSpan()));
            }
        }
    }

    private static byte[] Header(WeightSet weights, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var memory = new MemoryStream();
        memory.Write(stackalloc byte[8]);
        using (var json = new Utf8JsonWriter(memory, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsHeader.MetadataName);
                foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                    json.WriteString(Encodable(key), Encodable(value));
                json.WriteEndObject();
            }
            var at = 0L;
            foreach (var weight in weights)
            {
                if (weight.Name == SafetensorsHeader.MetadataName)
                    throw new ArgumentException(
                        $"No weight may be named {weight.Name}: the format uses that name.");
                try { weight.CheckedFinite("the weights to write"); }
                catch (InvalidDataException e) { throw new ArgumentException(e.Message, nameof(weights), e); }
                json.WriteStartObject(Encodable(weight.Name));
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var axis in weight.Shape) json.WriteNumberValue(axis);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += 4L * weight.Values.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (memory.Length % 8 != 0) memory.WriteByte((byte)' ');
        if (memory.Length - 8 > SafetensorsHeader.MaximumLength)
            throw new ArgumentException($"The header needs {memory.Length - 8} bytes; " +
                $"the format allows {SafetensorsHeader.MaximumLength}.");
        var bytes = memory.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)bytes.Length - 8);
        return bytes;
    }

    private static string Encodable(string text)
    {
        try { Strict.GetByteCount(text); }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException(
                $"The name or text '{text}' is not valid Unicode and cannot be written.", e);
        }
        return text;
    }
}
