using System.Text.RegularExpressions;

namespace MlNetRllc.Core.Files;

/// <summary>Moves files and folders to their place, also where another program has open what stands there.</summary>
/// <remarks>What stood there and what is moved are each whole whatever happens: a move that fails leaves
/// both.</remarks>
/// <param name="held">Tells that something is open elsewhere, and waits.</param>
/// <param name="move">Moves a file over another one.</param>
/// <param name="replace">Puts a file in the place of another one, which gets the third name.</param>
/// <param name="moveFolder">Moves a folder to where none is.</param>
internal sealed partial class FileMover(
    HeldFiles held, Action<string, string> move, Action<string, string, string> replace, Action<string, string> moveFolder)
{
    /// <summary>That of this system.</summary>
    public static FileMover Here { get; } = new(
        HeldFiles.Here,
        (from, to) => File.Move(from, to, overwrite: true),
        (from, to, old) => File.Replace(from, to, old, ignoreMetadataErrors: true),
        Directory.Move);

    /// <summary>Moves a file over another one, or to where none is.</summary>
    /// <exception cref="IOException">Another program has one of them open for longer than two seconds;
    /// or it cannot be written there.</exception>
    public void Replace(string from, string to)
    {
        try
        {
            held.Try(() => move(from, to));
        }
        catch (Exception e) when (held.IsHeld(e))
        {
            if (!File.Exists(to) || !TryExchange(from, to)) throw Held(to, e);
        }
    }

    /// <summary>Moves a folder, or a file, to where nothing is.</summary>
    /// <exception cref="IOException">Another program has something in it open for longer than two
    /// seconds; or it cannot be moved there.</exception>
    public void MoveFolder(string from, string to)
    {
        try
        {
            held.Try(() => moveFolder(from, to));
        }
        catch (Exception e) when (held.IsHeld(e))
        {
            throw Held(from, e);
        }
    }

    // A file that its reader lets others rename can be exchanged, though not written over: the reader goes on with the old one.
    private bool TryExchange(string from, string to)
    {
        var old = Path.Combine(Path.GetDirectoryName(to)!, $".{Path.GetFileName(to)}.{Path.GetRandomFileName()}.old");
        try
        {
            replace(from, to, old);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It may stop half-way, with the old file under its other name.
            if (!File.Exists(to) && File.Exists(old)) MoveBack(old, to);
            return false;
        }
        TryDelete(old);
        return true;
    }

    /// <summary>Whose old file a path is, that an exchange left behind; null where it is none.</summary>
    public static string? ExchangedFor(string path) => Exchanged().Match(Path.GetFileName(path)) is { Success: true } match
        ? Path.Combine(Path.GetDirectoryName(path) ?? "", match.Groups["name"].Value)
        : null;

    // The random part has the letters of Path.GetRandomFileName.
    [GeneratedRegex(@"\A\.(?<name>.+)\.[a-z0-5]{8}\.[a-z0-5]{3}\.old\z", RegexOptions.Singleline)]
    private static partial Regex Exchanged();

    private void MoveBack(string old, string to)
    {
        try
        {
            held.Try(() => move(old, to));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{to} lies at {old} now and cannot be moved back ({e.Message.TrimEnd('.')}): "
                + "close the program that has it open and give it its name again.", e);
        }
    }

    /// <summary>Deletes a file or folder that is of no use, where that is possible.</summary>
    /// <returns>Whether nothing is there now.</returns>
    public static bool TryDelete(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Still open elsewhere: it begins with a dot, ends in .part or .old, and goes with a later run.
        }
    }

    private static IOException Held(string path, Exception e)
    {
        var isReadOnly = File.Exists(path) && File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly);
        return new(
            $"{path} cannot be {(Directory.Exists(path) ? "moved" : "replaced")} ({e.Message.TrimEnd('.')}): "
            + (isReadOnly ? "it is marked as read-only. Take the mark away, then run again; "
                : $"close the program that has {(Directory.Exists(path) ? "something in it" : "it")} open, then run again; ")
            + "it stays as it was.", e);
    }
}
