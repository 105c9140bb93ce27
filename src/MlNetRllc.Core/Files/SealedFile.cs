using System.Text;

namespace MlNetRllc.Core.Files;

/// <summary>Files with a JSON object whose last property, <c>sha256</c>, is the SHA-256 of the object without it: one bit that changed since is noticed.</summary>
/// <remarks>Files of earlier versions have no such property; they are taken as they are, and get one when they are next written.</remarks>
public static class SealedFile
{
    private static readonly Form[] Forms = [new("\n}", ",\n  \"sha256\": \"", "\"\n}"), new("}", ",\"sha256\":\"", "\"}")];

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="json">An object with at least one property, indented by two blanks or written without any.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; an older file stays.</exception>
    public static void Write(string path, byte[] json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json is not [(byte)'{', .., (byte)'}'] || json.Length < 3) throw new ArgumentException("Only an object with properties can be sealed.", nameof(json));
        var form = Forms.First(f => json.AsSpan().EndsWith(f.End));
        AtomicFile.Write(path, stream =>
        {
            stream.Write(json.AsSpan(0, json.Length - form.End.Length));
            stream.Write(form.Before);
            stream.Write(Encoding.ASCII.GetBytes(ContentHash.OfBytes(json)));
            stream.Write(form.After);
        });
    }

    /// <summary>Reads the object of a file, without its last property where that is the digest.</summary>
    /// <exception cref="InvalidDataException">It is not what was written.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static byte[] Read(string path) => Open(File.ReadAllBytes(path));

    private static byte[] Open(byte[] file)
    {
        foreach (var form in Forms)
        {
            var at = file.Length - form.Length;
            if (at < 0 || !file.AsSpan(at).StartsWith(form.Before) || !file.AsSpan().EndsWith(form.After)) continue;
            byte[] json = [.. file.AsSpan(0, at), .. form.End];
            var said = Encoding.ASCII.GetString(file, at + form.Before.Length, ContentHash.Digits);
            return ContentHash.OfBytes(json) is var found && found == said ? json : throw new InvalidDataException($"its SHA-256 is {found}, not {said}");
        }
        return file;
    }

    // How the digest stands at the end of an object, whose own end it takes the place of.
    private sealed class Form(string end, string before, string after)
    {
        public byte[] End { get; } = Encoding.ASCII.GetBytes(end);

        public byte[] Before { get; } = Encoding.ASCII.GetBytes(before);

        public byte[] After { get; } = Encoding.ASCII.GetBytes(after);

        public int Length => Before.Length + ContentHash.Digits + After.Length;
    }
}
