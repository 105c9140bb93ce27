using System.IO.Compression;
using System.Text;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Core.Weights.PyTorch;

/// <summary>The zip archive that <c>torch.save</c> writes: <c>NAME/data.pkl</c>,
/// <c>NAME/data/KEY</c>, perhaps <c>NAME/byteorder</c>.</summary>
internal sealed class TorchArchive : IDisposable
{
    private readonly ZipArchive zip;
    private readonly Dictionary<string, ZipArchiveEntry> entries;
    private readonly string root;
    private readonly string source;
    private readonly bool bigEndian;
    private readonly long length;
    private long read;

    private TorchArchive(
        ZipArchive zip,
        Dictionary<string, ZipArchiveEntry> entries,
        string root,
        string source,
        long length)
    {
        (this.zip, this.entries, this.root, this.source, this.length) = (zip, entries, root, source, length);
        if (!entries.ContainsKey(root + "byteorder")) return;
        var order = Encoding.UTF8.GetString(Bytes("byteorder", 16));
        bigEndian = order switch
        {
            "little" => false,
            "big" => true,
            _ => throw new InvalidDataException($"{source}: the byte order is '{order}', not little or big."),
        };
    }

    public static TorchArchive Open(Stream stream, string source)
    {
        if (!stream.CanSeek) throw new ArgumentException("The stream must be able to seek.", nameof(stream));
        ZipArchive? zip = null;
        try
        {
            stream.Position = 0;
            zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true, Encoding.UTF8);
            var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
            foreach (var entry in zip.Entries)
                if (!entries.TryAdd(entry.FullName, entry))
                    throw new InvalidDataException($"{source}: the archive has {entry.FullName} twice.");
            var pickles = entries.Keys.Where(n => n.EndsWith("/data.pkl", StringComparison.Ordinal)
                && n.Count(c => c == '/') == 1).ToList();
            if (pickles is not [var pickle])
                throw new InvalidDataException(
                    $"{source}: a PyTorch file has one entry NAME/data.pkl; this archive has {pickles.Count}.");
            var root = pickle[..^"data.pkl".Length];
            if (entries.ContainsKey(root + "constants.pkl"))
                throw new InvalidDataException($"{source}: it is a TorchScript archive, which is a program; " +
                    "save model.state_dict() with torch.save instead.");
            return new(zip, entries, root, source, stream.Length);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or NotSupportedException
            or EndOfStreamException or OverflowException)
        {
            zip?.Dispose();
            throw e is InvalidDataException && e.Message.StartsWith(source, StringComparison.Ordinal) ? e
                : new InvalidDataException($"{source}: its zip directory is damaged or the file is cut short ({e.Message})", e);
        }
    }

    /// <summary>The bytes of data.pkl.</summary>
    public byte[] Pickle(int largest) => Bytes("data.pkl", largest);

    /// <summary>All values of a storage, as float32.</summary>
    public float[] Read(TorchStorage storage, string tensor)
    {
        var entry = Stored($"data/{storage.Key}", $"the tensor {tensor}");
        if (storage.Length > Array.MaxLength || entry.Length != storage.Length * storage.Type.Size())
            throw new InvalidDataException($"{source}: the tensor {tensor} lies in storage {storage.Key} with {storage.Length} values " +
                $"of {storage.Type}; its entry has {entry.Length} bytes.");
        if ((read += entry.Length) > length)
            throw new InvalidDataException(
                $"{source}: the tensor {tensor} lies in storage {storage.Key}, which overlaps others.");
        using var stream = Open(entry);
        return GrowingRead.Floats(stream, storage.Type, bigEndian, (int)storage.Length, lengthKnown: true,
            $"{source}: the tensor {tensor}");
    }

    public void Dispose() => zip.Dispose();

    private byte[] Bytes(string name, int largest)
    {
        var entry = Stored(name, name);
        if (entry.Length > largest)
            throw new InvalidDataException(
                $"{source}: {name} has {entry.Length} bytes, more than a state dict needs ({largest}).");
        using var stream = Open(entry);
        return GrowingRead.Bytes(stream, (int)entry.Length, $"{source}: {name}");
    }

    private ZipArchiveEntry Stored(string name, string what)
    {
        if (!entries.TryGetValue(root + name, out var entry))
            throw new InvalidDataException(
                $"{source}: {what} should lie in the entry {root + name}, which is missing.");
        if (entry.Length != entry.CompressedLength)
            throw new InvalidDataException($"{source}: the entry {root + name} is compressed; torch.save stores entries as they are. " +
                "Save it again with torch.save.");
        if (entry.Length > length)
            throw new InvalidDataException($"{source}: the entry {root + name} should have {entry.Length} bytes; " +
                $"the whole file has {length}.");
        return entry;
    }

    private Stream Open(ZipArchiveEntry entry)
    {
        try { return entry.Open(); }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or NotSupportedException or EndOfStreamException)
        {
            throw new InvalidDataException($"{source}: the entry {entry.FullName} is damaged ({e.Message})", e);
        }
    }
}
