using System.Text;
using System.Text.Json;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Files;
using MlNetRllc.Foundation;

namespace MlNetRllc.Sampling;

/// <summary>A file of rows that were sampled together: an index, then the rows, each on a line and with a SHA-256 of its own.</summary>
/// <remarks>The index is read when the file is opened. A row is read alone: an order in which no two rows lie
/// together costs no more.</remarks>
internal sealed class RowFile
{
    private readonly Dictionary<string, (long Offset, int Length)> places = new(StringComparer.Ordinal);

    private RowFile(string path, (DateTime, long) stamp, RowIndex index, long offset)
    {
        (Path, Stamp, Rows) = (path, stamp, index.Rows);
        foreach (var row in index.Rows)
        {
            places[row.Key] = (offset, row.Length);
            offset += row.Length + 1;
        }
    }

    public string Path { get; }

    /// <summary>When it was written, and its bytes: another file under this name has other ones.</summary>
    public (DateTime Written, long Length) Stamp { get; }

    public IReadOnlyList<RowPlace> Rows { get; }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<StoredRow> rows)
    {
        var index = new RowIndex([.. rows.Select(r => new RowPlace(r.Key, r.Component, r.Json.Length))]);
        AtomicFile.Write(path, stream =>
        {
            WriteLine(stream, SealedFile.Seal(JsonSerializer.SerializeToUtf8Bytes(index, SamplingJson.Default.Kept<RowIndex>())));
            foreach (var row in rows) WriteLine(stream, row.Json);
        });
    }

    /// <summary>Reads which rows a file holds.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static RowFile Open(string path)
    {
        var file = new FileInfo(path);
        var stamp = (file.LastWriteTimeUtc, file.Length);
        using var reader = new StreamReader(SharedFile.OpenRead(path), Encoding.UTF8);
        var line = Encoding.UTF8.GetBytes(reader.ReadLine() ?? "");
        var index = Read<RowIndex>(line);
        var saysAll = index.Rows?.All(r => r is { Key: not null, Component: not null, Length: > 0 }) == true;
        return saysAll ? new(path, stamp, index, line.Length + 1) : throw new InvalidDataException("it does not say which rows it holds");
    }

    /// <summary>The rows of a file; none where it is damaged or gone, which whoever needs them is told of.</summary>
    public static IReadOnlyList<RowPlace> RowsIn(string path)
    {
        try { return Open(path).Rows; }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException or DirectoryNotFoundException) { return []; }
    }

    /// <summary>Whether another file stands under the name now, or none.</summary>
    public bool IsReplaced => new FileInfo(Path) is not { Exists: true } now || (now.LastWriteTimeUtc, now.Length) != Stamp;

    public bool Holds(string key) => places.ContainsKey(key);

    /// <summary>A row's trace.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public LossTrace Trace(string key)
    {
        var trace = Read<LossTrace>(Json(key));
        return RowStore.IsSound(trace) ? trace : throw new InvalidDataException("its numbers do not belong together");
    }

    /// <summary>Rows as they stand in the file, to be written into another.</summary>
    public IReadOnlyList<StoredRow> Without(IReadOnlySet<string> keys) =>
        [.. Rows.Where(r => !keys.Contains(r.Key)).Select(r => new StoredRow(r.Key, r.Component, Json(r.Key)))];

    /// <summary>What is wrong with a file, without a full stop; null where every row is as it was written, or
    /// the file is missing.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? DamageOf(string path)
    {
        try
        {
            var file = Open(path);
            using var stream = file.Stream();
            foreach (var row in file.Rows) SealedFile.Open(file.Json(stream, row.Key));
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (InvalidDataException e)
        {
            return e.Message.TrimEnd('.');
        }
    }

    private byte[] Json(string key)
    {
        using var stream = Stream();
        return Json(stream, key);
    }

    private byte[] Json(FileStream stream, string key)
    {
        var (offset, length) = places[key];
        if (offset + length > stream.Length) throw new InvalidDataException("it ends too early");
        stream.Position = offset;
        var json = new byte[length];
        stream.ReadExactly(json);
        return json;
    }

    private FileStream Stream() => new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static T Read<T>(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(SealedFile.Open(json), SamplingJson.Default.Kept<T>())
                ?? throw new InvalidDataException("it says nothing");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message.TrimEnd('.'), e);
        }
    }

    private static void WriteLine(Stream stream, byte[] json)
    {
        stream.Write(json);
        stream.WriteByte((byte)'\n');
    }
}
