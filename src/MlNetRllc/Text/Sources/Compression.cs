using ZstdSharp;
using ZstdSharp.Unsafe;

namespace MlNetRllc.Text.Sources;

/// <summary>Opens files that end in .gz, .zst or .xz (or .gzip, .zstd) as what they hold, whole: all members, frames and streams.</summary>
internal static class Compression
{
    private static readonly string[] Endings = [".gz", ".gzip", ".zst", ".zstd", ".xz"];

    // Read as text, an archive would be its table of contents too.
    private static readonly string[] UnreadEndings = 
    [
        ".tar", ".tgz", ".taz", ".txz", ".tlz", ".tzst", ".tbz", ".tbz2", ".zip", ".7z", ".rar", ".bz", ".bz2", ".bzip2", ".lz", ".lz4",
        ".lzma", ".lzo", ".lzop", ".br", ".z", ".snappy", ".sz",
    ];

    /// <summary>The name without the ending of a compression.</summary>
    public static string Inner(string name) => name[..^Ending(name, Endings).Length];

    public static bool IsCompressed(string name) => Ending(name, Endings).Length > 0;

    /// <summary>The file's bytes, decompressed. A broken or cut-off file throws <see cref="InvalidDataException"/> that names it.</summary>
    public static Stream OpenDecompressed(this SourceFile file)
    {
        if (Ending(Inner(file.Name), UnreadEndings) is { Length: > 0 } unread)
            throw new InvalidDataException(
                $"{file.Name}: files that end in {unread} are not read; plain files and .gz, .zst, .xz are. Unpack it.");
        if (IsCompressed(Inner(file.Name)))
            throw new InvalidDataException($"{file.Name}: files that are compressed twice are not read. Decompress it once.");
        var stream = file.Open();
        try
        {
            // The frames of no text at all have bytes.
            if (IsCompressed(file.Name) && stream is { CanSeek: true, Length: 0 })
                throw new InvalidDataException($"{file.Name} is empty, which no compressed file is. Fetch or copy it again.");
            return Ending(file.Name, Endings) switch
            {
                ".gz" or ".gzip" => new NamedStream(new GzipMembers(stream), file.Name),
                ".zst" or ".zstd" => new NamedStream(new DecompressionStream(stream, leaveOpen: false), file.Name),
                ".xz" => new NamedStream(new XzStreams(stream), file.Name),
                _ => stream,
            };
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static string Ending(string name, string[] endings) =>
        endings.FirstOrDefault(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ?? "";

    /// <summary>Decompressed bytes; whatever a decoder throws becomes an error that names the file.</summary>
    private sealed class NamedStream(Stream inner, string name) : ReadingStream
    {
        private long position;

        public override long Position { get => position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            try
            {
                var read = inner.Read(buffer);
                position += read;
                return read;
            }
            catch (Exception e) when (e is not (OutOfMemoryException or InvalidDataException { InnerException: not null }))
            {
                throw new InvalidDataException($"{name} {Sentence(e)}", e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private string Sentence(Exception e) => e switch
        {
            ZstdException { Code: ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge } =>
                "was compressed with a window of more than 128 MiB (zstd --long=28 or more), which is not read. "
                + "Decompress it with zstd -d --long=31, or compress it again without --long.",
            ZstdException { Code: ZSTD_ErrorCode.ZSTD_error_dictionary_wrong } =>
                "was compressed with a dictionary of its own, which is not read. Decompress it with zstd -d -D DICTIONARY.",
            NotImplementedException or NotSupportedException =>
                $"uses what this reader lacks: {e.Message.TrimEnd('.')}. "
                + "Decompress it with the program that wrote it, or compress it again without filters.",
            _ => $"is broken or cut off after {position:N0} decompressed bytes: {Reason(e)} Fetch or copy it again.",
        };

        // What a decoder says of its own arguments tells a reader nothing.
        private static string Reason(Exception e) =>
            e is ArgumentException or IndexOutOfRangeException ? "a number in it is out of range." : $"{e.Message.TrimEnd('.')}.";
    }
}
