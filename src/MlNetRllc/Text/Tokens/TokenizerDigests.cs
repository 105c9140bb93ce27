using System.Text;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Text.Tokens;

/// <summary>The SHA-256 of each file of a tokenizer that this library saved, in a file beside them: a line a
/// file, as <c>sha256sum</c> writes it. Folders of other programs and of earlier versions have none, and are
/// read as they are.</summary>
internal static class TokenizerDigests
{
    public const string FileName = "tokenizer.sha256";

    /// <summary>Writes the digests of files that are there.</summary>
    public static void Write(string folder, IEnumerable<string> names)
    {
        var text = new StringBuilder();
        foreach (var name in names) text.Append(ContentHash.OfFile(Path.Combine(folder, name))).Append("  ").Append(name).Append('\n');
        AtomicFile.Write(Path.Combine(folder, FileName), stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Removes the digests, before the files become others.</summary>
    public static void Forget(string folder)
    {
        SharedFile.Delete(Path.Combine(folder, FileName));
    }

    /// <summary>Checks the files of a folder, where there are digests of them.</summary>
    /// <exception cref="InvalidDataException">A file is not what was saved; the message names it.</exception>
    public static void Check(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return;
        foreach (var line in SharedFile.ReadAllText(path).Split('\n').SkipLast(1))
        {
            var (said, name) = line.Split("  ", 2) is [{ Length: ContentHash.Digits } digest, { Length: > 0 } file]
                && !file.AsSpan().ContainsAny(Path.GetInvalidFileNameChars()) ? (digest, file)
                : throw Damaged(path, $"'{line}' is no SHA-256 with the name of a file");
            var saved = Path.Combine(folder, name);
            if (!File.Exists(saved)) throw Damaged(saved, $"it is missing, though {FileName} names it");
            if (ContentHash.OfFile(saved) is var found && found != said)
                throw Damaged(saved, $"its SHA-256 is {found}, not {said} as {FileName} says");
        }
    }

    private static InvalidDataException Damaged(string path, string why) => new($"{Path.GetFullPath(path)} is damaged: {why}. "
        + $"Save the tokenizer anew; where its files were changed on purpose, delete {FileName}.");
}
