namespace MlNetRllc.Core.Files;

/// <summary>Writes a file whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes beside <paramref name="path"/>, flushes to the disk, then renames: whoever opens the
    /// path sees the old file or the new one, never a part.
    /// </summary>
    /// <param name="path">The file to create or replace; its folder is created when missing.</param>
    /// <param name="write">Writes the content. When it throws, the old file stays as it was and the
    /// part written is deleted.</param>
    /// <exception cref="IOException">The disk is full, the folder cannot be written, or another program
    /// has the old file open for longer than two seconds.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(write);
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target) ?? throw new IOException($"{path} is a folder, not a file.");
        Directory.CreateDirectory(folder);
        var part = Path.Combine(folder, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.part");
        try
        {
            using (var stream = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            FileMover.Here.Replace(part, target);
        }
        catch
        {
            FileMover.TryDelete(part);
            throw;
        }
    }

    /// <summary>Moves a file that was written whole over another one, or to where none is.</summary>
    /// <param name="from">The file.</param>
    /// <param name="path">Where it belongs, on the same disk.</param>
    /// <exception cref="IOException">Another program has what stands there open, for longer than two
    /// seconds; both files stay as they are.</exception>
    public static void Replace(string from, string path) => FileMover.Here.Replace(Path.GetFullPath(from), Path.GetFullPath(path));

    /// <summary>Moves a folder, or a file, to where nothing is.</summary>
    /// <param name="from">The folder.</param>
    /// <param name="path">Where it belongs, on the same disk.</param>
    /// <exception cref="IOException">Another program has something in it open, for longer than two
    /// seconds, or something stands there; the folder stays where it is.</exception>
    public static void MoveFolder(string from, string path) =>
        FileMover.Here.MoveFolder(Path.GetFullPath(from), Path.GetFullPath(path));
}
