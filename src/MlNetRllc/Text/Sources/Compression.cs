using ICSharpCode.SharpZipLib.GZip;
using SharpCompress.Compressors.Xz;
using ZstdSharp;

namespace MlNetRllc.Text;

/// <summary>Opens files that end in .gz, .zst or .xz as what they hold.</summary>
internal static class Compression
{
    private static readonly string[] Endings = [".gz", ".zst", ".xz"];

    /// <summary>The name without the ending of a compression.</summary>
    public static string Inner(string name) => name[..^Ending(name).Length];

    public static bool IsCompressed(string name) => Ending(name).Length > 0;

    /// <summary>The file's bytes, decompressed. A broken or cut-off file gives an <see cref="InvalidDataException"/> that names it.</summary>
    public static Stream OpenDecompressed(this SourceFile file)
    {
        var stream = file.Open();
        try
        {
            return Ending(file.Name) switch
            {
                // The framework's own decoder takes a cut-off file for a whole one; this one checks length and CRC.
                ".gz" => new NamedStream(new GZipInputStream(stream), file.Name),
                ".zst" => new NamedStream(new DecompressionStream(stream, leaveOpen: false), file.Name),
                ".xz" => new NamedStream(new XZStream(stream), file.Name),
                _ => stream,
            };
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static string Ending(string name) =>
        Endings.FirstOrDefault(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ?? "";

    /// <summary>Decompressed bytes; whatever a decoder throws becomes an error that names the file.</summary>
    private sealed class NamedStream(Stream inner, string name) : Stream
    {
        private long position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

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
                throw new InvalidDataException($"{name} is broken or cut off after {position:N0} decompressed bytes: {e.Message} Fetch or copy it again.", e);
            }
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
