using System.Text;

namespace MlNetRllc.Core.Files;

/// <summary>Reads and deletes files that other programs may have open: a spreadsheet, an editor, an
/// indexer.</summary>
/// <remarks>Whoever reads lets others write, rename and delete. What is held all the same is tried for two
/// seconds on Windows, where others' programs hold it; elsewhere only a lock does, and is an error at
/// once.</remarks>
public static class SharedFile
{
    /// <summary>Opens a file to be read.</summary>
    /// <exception cref="IOException">It is missing, or another program lets nobody read it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        FileStream? stream = null;
        HeldFiles.Here.Try(() => stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return stream!;
    }

    /// <summary>The content of a text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encoding">Its encoding where no byte-order mark tells; UTF-8 when null.</param>
    /// <inheritdoc cref="OpenRead"/>
    public static string ReadAllText(string path, Encoding? encoding = null)
    {
        using var reader = new StreamReader(OpenRead(path), encoding ?? Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The content of a file.</summary>
    /// <inheritdoc cref="OpenRead"/>
    public static byte[] ReadAllBytes(string path)
    {
        using var stream = OpenRead(path);
        using var bytes = new MemoryStream(); // The length of what is no plain file is not known before.
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Opens a file that is opened by one program at a time, and waits until others have closed
    /// it.</summary>
    /// <exception cref="IOException">It cannot be opened or made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static FileStream OpenAlone(string path)
    {
        while (true)
        {
            try { return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
            catch (IOException e) when (HeldFiles.IsLocked(e)) { Thread.Sleep(50); }
        }
    }

    /// <summary>Deletes a file, or a folder with all that is in it; where nothing is, nothing
    /// happens.</summary>
    /// <exception cref="IOException">Another program has it open for longer than two seconds.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be deleted.</exception>
    public static void Delete(string path)
    {
        try
        {
            HeldFiles.Here.Try(() =>
            {
                if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
                else if (File.Exists(path)) File.Delete(path);
            });
        }
        catch (Exception e) when (HeldFiles.Here.IsHeld(e))
        {
            throw new IOException(
                $"{path} cannot be deleted ({e.Message.TrimEnd('.')}): close the program that has it open, then run again.", e);
        }
    }
}
