using System.Buffers.Binary;
using System.Reflection;
using Parquet;

namespace MlNetRllc.Text;

/// <summary>The description at the end of a Parquet file, read once before the file is.</summary>
/// <remarks>
/// Parquet.Net 6.1 takes the end of a broken footer for a byte that another follows, and reads on for ever. Its own parser runs here first, over a stream
/// whose end is an error. A later version that reads footers otherwise needs no check, and gets none.
/// </remarks>
internal static class ParquetFooter
{
    private const BindingFlags Inside = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    private static readonly ConstructorInfo? Protocol = typeof(ParquetReader).Assembly.GetType("Parquet.Meta.Proto.ThriftCompactProtocolReader")?.GetConstructor(Inside, [typeof(Stream)]);

    private static readonly MethodInfo? Parse = typeof(ParquetReader).Assembly.GetType("Parquet.Meta.FileMetaData")?.GetMethods(Inside)
        .FirstOrDefault(m => m.Name == "Read" && m.GetParameters() is [{ ParameterType: var type }] && type == Protocol?.DeclaringType);

    /// <summary>Whether footers can be checked with this version of Parquet.Net.</summary>
    public static bool IsChecked => Protocol is not null && Parse is not null;

    /// <summary>Reads the footer and leaves the stream at its beginning.</summary>
    /// <exception cref="EndOfStreamException">The footer ends too soon.</exception>
    /// <exception cref="Exception">What Parquet.Net says of a footer that is broken in another way.</exception>
    public static void Check(Stream stream)
    {
        const int tail = 8; // Its length and the mark PAR1.
        if (!IsChecked || stream.Length < tail) return;
        Span<byte> length = stackalloc byte[4];
        stream.Seek(-tail, SeekOrigin.End);
        stream.ReadExactly(length);
        var size = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (size >= 0 && size <= stream.Length - tail)
        {
            stream.Seek(-tail - size, SeekOrigin.End);
            var footer = new byte[size];
            stream.ReadExactly(footer);
            Parse!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Protocol!.Invoke([new UnendingStream(new MemoryStream(footer))])], null);
        }
        stream.Position = 0;
    }
}
