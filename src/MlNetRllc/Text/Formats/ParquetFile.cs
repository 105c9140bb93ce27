using System.Runtime.InteropServices;
using MlNetRllc.Core.Files;
using MlNetRllc.Text.Sources;
using ParquetSharp;
using ParquetSharp.IO;

namespace MlNetRllc.Text.Formats;

/// <summary>An open Parquet file, wherever it lies.</summary>
/// <remarks>
/// A file on disk is read by its path: native code then calls nothing of ours, so that a reader which is left behind unread does no harm
/// when it is collected. A stream is held until it is disposed, since native code calls it as long as anything of the file is open.
/// </remarks>
internal sealed class ParquetFile : IDisposable
{
    private readonly ManagedRandomAccessFile? managed;
    private readonly GCHandle held;
    private readonly string? temporary;

    private ParquetFile(Stream stream)
    {
        managed = new ManagedRandomAccessFile(stream);
        held = GCHandle.Alloc(managed);
        try
        {
            using var properties = Properties();
            Reader = new ParquetFileReader(managed, properties);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private ParquetFile(string path, string? temporary)
    {
        this.temporary = temporary;
        try
        {
            using var properties = Properties();
            Reader = new ParquetFileReader(path, properties);
        }
        catch
        {
            Dispose();
            throw;
        }
        // Elsewhere than on Windows an open file needs no name, and so is never left over.
        if (!OperatingSystem.IsWindows()) Dispose(temporary);
    }

    /// <summary>The library's reader.</summary>
    public ParquetFileReader Reader { get; } = null!;

    /// <summary>Full names of the columns whose compression no version of the format knows.</summary>
    public IReadOnlySet<string> UnknownCodecs { get; private init; } = new HashSet<string>();

    /// <summary>Opens a file and reads its description.</summary>
    /// <param name="file">The file; one that cannot be read from its end is unpacked first.</param>
    /// <param name="folder">Where it is unpacked.</param>
    /// <exception cref="InvalidDataException">It is not Parquet, or is broken.</exception>
    /// <exception cref="IOException">It could not be unpacked; the message says what to do.</exception>
    public static ParquetFile Open(SourceFile file, string folder)
    {
        var stream = file.OpenDecompressed();
        if (stream.CanSeek && stream is not FileStream)
        {
            var codecs = ParquetCodecs.Unknown(stream);
            return ParquetErrors.Guarded(file.Name, () => new ParquetFile(stream) { UnknownCodecs = codecs });
        }
        using (stream)
        {
            var temporary = stream.CanSeek ? null : Unpacked(stream, folder, file.Name);
            var path = temporary ?? ((FileStream)stream).Name;
            using var described = SharedFile.OpenRead(path);
            var codecs = ParquetCodecs.Unknown(described);
            return ParquetErrors.Guarded(file.Name, () => new ParquetFile(path, temporary) { UnknownCodecs = codecs });
        }
    }

    public void Dispose()
    {
        Reader?.Dispose();
        managed?.Dispose();
        if (held.IsAllocated) held.Free();
        Dispose(temporary);
    }

    private static void Dispose(string? temporary)
    {
        if (File.Exists(temporary)) File.Delete(temporary);
    }

    private static ReaderProperties Properties()
    {
        var properties = ReaderProperties.GetDefaultReaderProperties();
        properties.EnableBufferedStream();
        properties.EnablePageChecksumVerification();
        return properties;
    }

    // Parquet is read from its end, which what is compressed has not before it is unpacked.
    private static string Unpacked(Stream stream, string folder, string name)
    {
        var path = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            using var copy = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            stream.CopyTo(copy);
            return path;
        }
        catch (Exception e)
        {
            Dispose(path);
            if (e is not (IOException or UnauthorizedAccessException)) throw;
            throw new IOException(
                $"{name} is compressed, and Parquet is read from its end: it is unpacked into a temporary file first, "
                + $"and the folder '{folder}' does not take it: {e.Message} "
                + "Make that folder, free room in it or name another (TMPDIR, on Windows TMP); or unpack the file.", e);
        }
    }
}
