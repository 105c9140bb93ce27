using System.Formats.Tar;

namespace MlNetRllc.Core.Files;

/// <summary>Named pipes, sockets and devices, which lie among files and hold nothing that could be
/// read to an end.</summary>
public static class SpecialFile
{
    /// <summary>Whether a path leads to what is there and is no regular file; false for folders and
    /// where nothing is.</summary>
    /// <param name="path">A file; links are followed.</param>
    /// <exception cref="IOException">The links lead back to themselves.</exception>
    public static bool IsAt(string path)
    {
        // The system gives them no length; to open one could wait for ever.
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return false;
        var file = new FileInfo(new FileInfo(path).LinkTarget is null ? path : RealPath.Resolve(path));
        if (file.Length > 0) return false;
        try
        {
            // What an archive would note of it, which needs no opening.
            using var archive = new MemoryStream();
            using (var writer = new TarWriter(archive, leaveOpen: true)) writer.WriteEntry(file.FullName, "file");
            archive.Position = 0;
            using var reader = new TarReader(archive);
            return reader.GetNextEntry()?.EntryType is TarEntryType.Fifo or TarEntryType.CharacterDevice or TarEntryType.BlockDevice;
        }
        catch (IOException)
        {
            // No archive takes a socket, and a file that is in use is none.
            return !CanOpen(file.FullName);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The error of naming one where a file is read.</summary>
    public static InvalidDataException Refusal(string path) =>
        new($"{path} is a named pipe, a socket or a device; only regular files are read. "
            + "Copy what comes out of it into a file.");

    private static bool CanOpen(string path)
    {
        try
        {
            using var opened = File.OpenHandle(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true; // Whether it could be opened by who may is not known; reading it will tell.
        }
    }
}
