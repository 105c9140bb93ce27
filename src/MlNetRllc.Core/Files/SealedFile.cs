using System.Buffers;
using System.Text;
using System.Text.Json;

namespace MlNetRllc.Core.Files;

/// <summary>Files with a JSON object whose last property, <c>sha256</c>, is the SHA-256 of the
/// object without it: one bit that changed since is noticed.</summary>
/// <remarks>Files of earlier versions have no such property; they are taken as they are, and get
/// one when they are next written.</remarks>
public static class SealedFile
{
    private static readonly SearchValues<byte> HexadecimalDigits = SearchValues.Create("0123456789abcdef"u8);

    private static readonly Form[] Forms = [new("\n}", ",\n  \"sha256\": \"", "\"\n}"), new("}", ",\"sha256\":\"", "\"}")];

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="json">An object with at least one property, indented by two blanks or written
    /// without any.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; an older
    /// file stays.</exception>
    public static void Write(string path, byte[] json)
    {
        var sealedJson = Seal(json);
        AtomicFile.Write(path, stream => stream.Write(sealedJson));
    }

    /// <summary>Reads the object of a file, without its last property where that is the digest.</summary>
    /// <exception cref="InvalidDataException">It is not what was written.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static byte[] Read(string path) => Open(SharedFile.ReadAllBytes(path));

    /// <summary>What is wrong with a file, without a full stop; null where it is as it was written,
    /// or missing.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? DamageOf(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(Read(path));
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            return e.Message.TrimEnd('.');
        }
    }

    /// <summary>An object with its digest as last property, as a file holds it: several may lie in
    /// one file.</summary>
    /// <param name="json">An object with at least one property, indented by two blanks or written
    /// without any.</param>
    public static byte[] Seal(byte[] json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json is not [(byte)'{', .., (byte)'}'] || json.Length < 3)
            throw new ArgumentException("Only an object with properties can be sealed.", nameof(json));
        var form = Forms.First(f => json.AsSpan().EndsWith(f.End));
        var digest = Encoding.ASCII.GetBytes(ContentHash.OfBytes(json));
        return [.. json.AsSpan(0, json.Length - form.End.Length), .. form.Before, .. digest, .. form.After];
    }

    /// <summary>The object that <see cref="Seal"/> was given; one without a digest is taken as it
    /// is.</summary>
    /// <param name="sealedJson">What <see cref="Seal"/> gave.</param>
    /// <exception cref="InvalidDataException">It is not what was sealed.</exception>
    public static byte[] Open(byte[] sealedJson)
    {
        ArgumentNullException.ThrowIfNull(sealedJson);
        foreach (var form in Forms)
        {
            var at = sealedJson.Length - form.Length;
            if (at < 0 || !sealedJson.AsSpan().EndsWith(form.After)) continue;
            if (!sealedJson.AsSpan(at).StartsWith(form.Before))
            {
                if (form.IsNearly(sealedJson.AsSpan(at)))
                    throw new InvalidDataException("the name of its SHA-256 is not as it was written");
                continue;
            }
            byte[] json = [.. sealedJson.AsSpan(0, at), .. form.End];
            var said = Encoding.ASCII.GetString(sealedJson, at + form.Before.Length, ContentHash.Digits);
            var found = ContentHash.OfBytes(json);
            return found == said ? json : throw new InvalidDataException($"its SHA-256 is {found}, not {said}");
        }
        return sealedJson;
    }

    // How the digest stands at the end of an object, whose own end it takes the place of.
    private sealed class Form(string end, string before, string after)
    {
        public byte[] End { get; } = Encoding.ASCII.GetBytes(end);

        public byte[] Before { get; } = Encoding.ASCII.GetBytes(before);

        public byte[] After { get; } = Encoding.ASCII.GetBytes(after);

        /// <summary>Whether an object's end is this form's but for some of the digest's name: a digest stands there all the
        /// same, and nothing else of a run ends so.</summary>
        public bool IsNearly(ReadOnlySpan<byte> end)
        {
            var name = end[..Before.Length];
            var isDigest = end.Slice(Before.Length, ContentHash.Digits).IndexOfAnyExcept(HexadecimalDigits) < 0;
            var differences = 0;
            for (var i = 0; i < name.Length; i++) if (name[i] != Before[i]) differences++;
            return isDigest && differences <= 2;
        }

        public int Length => Before.Length + ContentHash.Digits + After.Length;
    }
}
