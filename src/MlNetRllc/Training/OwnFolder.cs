using System.Collections.Concurrent;

namespace MlNetRllc.Training;

/// <summary>A folder of somebody's own: it goes with its owner, with the process, or, where a signal killed the
/// process, when the next one is made.</summary>
/// <remarks>No signal is caught here: whether one ends the process is the program's to say. A file in it, held
/// open by the owner's process, marks the folder. One without the mark is a user's, and nobody deletes
/// it.</remarks>
internal sealed class OwnFolder : IDisposable
{
    private const string Prefix = "mlnetrllc-", Mark = ".owned";

    private static readonly ConcurrentDictionary<OwnFolder, bool> Living = [];

    private readonly FileStream mark;
    private bool leaving;

    static OwnFolder()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => DisposeAll();
        AppDomain.CurrentDomain.UnhandledException += (_, e) => { if (e.IsTerminating) DisposeAll(); };
    }

    private OwnFolder(string path)
    {
        Path = path;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            // Held before it has its name: whoever finds it finds it held.
            mark = new(MarkOf(path) + ".new", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
            File.Move(mark.Name, MarkOf(path));
        }
        catch
        {
            mark?.Dispose();
            Delete(path);
            throw;
        }
        Living[this] = true;
    }

    public string Path { get; }

    /// <summary>Makes a new folder, and deletes those whose process was killed.</summary>
    /// <exception cref="IOException">None can be made there.</exception>
    public static OwnFolder Create(string? parent)
    {
        try
        {
            parent = System.IO.Path.GetFullPath(string.IsNullOrEmpty(parent) ? System.IO.Path.GetTempPath() : parent);
            Directory.CreateDirectory(parent);
            foreach (var folder in Directory.EnumerateDirectories(parent, Prefix + "*").ToList()) DeleteIfAbandoned(folder);
            return new(System.IO.Path.Combine(parent, Prefix + System.IO.Path.GetRandomFileName()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"No folder for the checkpoints can be made in {parent} (MLContext.TempFilePath): {e.Message} "
                + "Set CheckpointFolder to a folder that can be written, or MLContext.TempFilePath.", e);
        }
    }

    /// <summary>Takes a folder from its owner, if it has one: from now on it is the user's.</summary>
    public static void Keep(string path)
    {
        if (System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path)).StartsWith(Prefix, StringComparison.Ordinal)
            && File.Exists(MarkOf(path))) File.Delete(MarkOf(path));
    }

    /// <summary>Deletes the folder with all that is in it; what cannot be deleted is tried again when the process ends.</summary>
    public void Dispose()
    {
        lock (mark)
        {
            if (!Living.ContainsKey(this)) return;
            leaving |= File.Exists(MarkOf(Path));
            // The mark is held to the last where the system allows it, so that nobody else sweeps meanwhile.
            var gone = !leaving || Delete(Path);
            mark.Dispose();
            if (gone || Delete(Path)) Living.TryRemove(this, out _);
        }
    }

    private static void DisposeAll()
    {
        foreach (var folder in Living.Keys) folder.Dispose();
    }

    private static string MarkOf(string path) => System.IO.Path.Combine(path, Mark);

    private static void DeleteIfAbandoned(string path)
    {
        try
        {
            if (new DirectoryInfo(path).LinkTarget is not null || !File.Exists(MarkOf(path))) return;
            using (new FileStream(MarkOf(path), FileMode.Open, FileAccess.ReadWrite, FileShare.None)) { }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // Its owner lives, or it is another user's.
        }
        Delete(path);
    }

    private static bool Delete(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
