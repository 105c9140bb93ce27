using System.Buffers.Binary;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Weights;

/// <summary>A safetensors file: opening reads the header only, each tensor is read when asked
/// for.</summary>
/// <remarks>Read, not mapped: a trainer that writes its file over in place would end every process
/// that has it mapped. Here the reader is told that the file was cut. A writer that replaces its
/// file by renaming (as
/// <see cref="Safetensors.Write(string, WeightSet, IReadOnlyDictionary{string, string})"/> does)
/// disturbs nobody.</remarks>
public sealed class SafetensorsFile : IDisposable
{
    private readonly FileStream file;
    private readonly SafetensorsHeader header;
    private readonly long dataStart;
    private readonly string path;

    private SafetensorsFile(string path, FileStream file, SafetensorsHeader header, long dataStart) =>
        (this.path, this.file, this.header, this.dataStart) = (path, file, header, dataStart);

    /// <summary>Opens a file and checks its header against its length.</summary>
    /// <exception cref="InvalidDataException">The header lies about sizes, overlaps, leaves gaps,
    /// repeats a name, or the file is shorter or longer than it says; the message names the tensor
    /// and the reason.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0);
        try
        {
            var length = file.Length;
            if (length < 8)
                throw new InvalidDataException(
                    $"{path}: {length} bytes are too few for a safetensors file; it is cut short.");
            var header = ReadHeader(file, path, length);
            var dataStart = file.Position;
            var data = length - dataStart;
            if (header.Entries.FirstOrDefault(e => e.End > data) is { } cut)
                throw new InvalidDataException($"{path}: the tensor {cut.Name} ends at byte {cut.End} of the data, "
                    + $"of which the file holds {data}; it is cut short or its header is wrong.");
            if (data > header.DataLength)
                throw new InvalidDataException(
                    $"{path}: {data - header.DataLength} bytes after the last tensor belong to no tensor.");
            return new(path, file, header, dataStart);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The file's free-form metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>Names of the tensors, in the order in which they lie in the file.</summary>
    public IEnumerable<string> Names => header.Entries.Select(e => e.Name);

    /// <summary>Reads one tensor as float32.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    /// <exception cref="InvalidDataException">It is not of a floating-point type, or holds a value
    /// that is not finite.</exception>
    public Weight Read(string name) => Read(header.Entries.FirstOrDefault(e => e.Name == name)
        ?? throw new KeyNotFoundException($"{path} has no tensor {name}; it has: {string.Join(", ", Names)}."));

    /// <summary>Reads every tensor whose name <paramref name="wanted"/> accepts (all when null).</summary>
    /// <exception cref="InvalidDataException">A wanted tensor is not of a floating-point type, or
    /// holds a value that is not finite.</exception>
    public WeightSet ReadAll(Func<string, bool>? wanted = null) =>
        new(header.Entries.Where(e => wanted?.Invoke(e.Name) ?? true).Select(Read));

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    /// <summary>Reads length and JSON; leaves the stream at the first byte of the data.
    /// <paramref name="available"/> counts the bytes known to be there, from the header's length
    /// on; null when unknown.</summary>
    internal static SafetensorsHeader ReadHeader(Stream stream, string source, long? available)
    {
        Span<byte> prefix = stackalloc byte[8];
        Fill(stream, prefix, source);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaximumLength)
            throw new InvalidDataException($"{source}: the header's length is given as {length} bytes, " +
                $"above the format's limit of {SafetensorsHeader.MaximumLength}; this is no safetensors file.");
        if ((long)length > available - 8)
            throw new InvalidDataException($"{source}: the header's length is given as {length} bytes, {available - 8} follow; " +
                "the file is cut short or no safetensors file.");
        var json = GrowingRead.Bytes(stream, (int)length, source);
        return SafetensorsHeader.Parse(json, source);
    }

    internal static Weight Read(Stream stream, SafetensorsEntry entry, string source, bool lengthKnown)
    {
        if (!entry.Type.IsWeight())
            throw new InvalidDataException($"{source}: the tensor {entry.Name} is of type {entry.Type}; weights are F64, F32, " +
                "F16 or BF16.");
        var values = GrowingRead.Floats(
            stream, entry.Type, false, entry.Count, lengthKnown, $"{source}: the tensor {entry.Name}");
        return new Weight(entry.Name, entry.Shape, values).CheckedFinite(source);
    }

    private Weight Read(SafetensorsEntry entry)
    {
        ObjectDisposedException.ThrowIf(!file.CanRead, this);
        file.Position = dataStart + entry.Begin;
        return Read(file, entry, path, lengthKnown: true);
    }

    private static void Fill(Stream stream, Span<byte> bytes, string source)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new InvalidDataException($"{source}: it ends inside the header; it is cut short.");
    }
}
