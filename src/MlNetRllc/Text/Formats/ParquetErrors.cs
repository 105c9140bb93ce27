using System.Text;
using System.Text.RegularExpressions;
using ParquetSharp;

namespace MlNetRllc.Text.Formats;

/// <summary>Errors of reading Parquet: what is broken, what this reader lacks and what is encrypted have their own sentences.</summary>
internal static partial class ParquetErrors
{
    private const string Lacks = "not (yet )?(implemented|supported)|NotImplemented|unsupported|built without|Support for codec";

    /// <summary>Reads, and turns what the reader throws into an error that names the place.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read; the message says why and what to do.</exception>
    public static T Guarded<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
            or TypeInitializationException)
        {
            throw new PlatformNotSupportedException(
                $"{place}: the native library of ParquetSharp, which reads Parquet, does not load here: {e.Message} "
                + "It is made for Linux with glibc, Windows and macOS, x64 and arm64. Elsewhere, write the text as JSON Lines.", e);
        }
        catch (Exception e)
        {
            throw new InvalidDataException($"{place}: {Sentence(e)}", e);
        }
    }

    /// <summary>Reads where there is nothing to give back.</summary>
    public static void Guarded(string place, Action read) => Guarded(place, () =>
    {
        read();
        return true;
    });

    /// <summary>A column is compressed in a way that this reader knows nothing of.</summary>
    public static InvalidDataException UnknownCodec(string place, string column) =>
        new($"{place}, column '{column}': {Lacking("its compression is none that the format knows.")}");

    private static string Sentence(Exception e)
    {
        if (e is DecoderFallbackException) return "bytes that are not UTF-8. Correct them where the file is written.";
        if (e is NotSupportedException) return Lacking(e.Message);
        var message = Native.Match(e.Message) is { Success: true } match ? match.Groups[1].Value.Trim().TrimEnd('.') + "." : e.Message;
        if (Encrypted.IsMatch(message)) return $"it is encrypted: {message} Write it again without encryption.";
        return Unsupported.IsMatch(message) ? Lacking(message) : $"not Parquet, broken or cut off: {message} Fetch or copy it again.";
    }

    // The reader is pyarrow's own, so what it lacks must be written otherwise where the file is made.
    private static string Lacking(string message) =>
        $"the file uses what this reader, pyarrow's own, lacks: {message} Write it again where it was made, with usual settings "
        + "(with pyarrow: pyarrow.parquet.write_table(table, 'new.parquet', compression='zstd')), or write the text as JSON Lines.";

    // The library's own words stand between a type's name in C++ and a bracket.
    [GeneratedRegex(@"^\w+ \(message: '(?:\w+: )?(.*)'\)$", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Native { get; }

    [GeneratedRegex("encrypted|decrypt", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Encrypted { get; }

    [GeneratedRegex(Lacks, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Unsupported { get; }
}
