using System.Globalization;
using System.Text.Json;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Runner.Running;

/// <summary>Where a study's results lie, held by one process at a time.</summary>
internal sealed class RunFolder : IDisposable
{
    private static readonly TimeSpan TaskMayWrite = TimeSpan.FromMinutes(10);

    private readonly FileStream held;
    private readonly string shared;

    private RunFolder(string path, FileStream held, string shared) => (Path, this.held, this.shared) = (path, held, shared);

    public string Path { get; }

    public string Report => At("report.html");

    /// <summary>Opens a folder, which is made where there is none.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="shared">Where what is kept by content lies (tokens, checkpoints, rows); the folder itself when null.</param>
    /// <exception cref="IOException">Another process holds it, or it cannot be written.</exception>
    public static RunFolder Open(string path, string? shared = null)
    {
        var full = Directory.CreateDirectory(path).FullName;
        Directory.CreateDirectory(System.IO.Path.Combine(full, "tables"));
        FileStream held;
        try
        {
            // The system lets go of the lock when the process ends, however it ends: a lock is never stale.
            held = new FileStream(System.IO.Path.Combine(full, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(System.IO.Path.Combine(full, ".lock")))
        {
            throw new IOException($"{full} is in use by another run{Holder(full)} ({e.Message}). Wait for it, or give this one another name in the file (name: ...).", e);
        }
        try
        {
            // What a killed run had begun to write. No other process writes here while the lock is held, but for the tasks of a job array, which take moments to.
            var tasks = Directory.EnumerateDirectories(full).Prepend(full).Any(run => Directory.Exists(System.IO.Path.Combine(run, "slurm")));
            foreach (var part in Directory.GetFileSystemEntries(full, ".*.part", SearchOption.AllDirectories).Where(p => !tasks || DateTime.UtcNow - File.GetLastWriteTimeUtc(p) > TaskMayWrite))
                if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
                else File.Delete(part);
            AtomicFile.Write(System.IO.Path.Combine(full, HolderFile), stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName} since {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC"));
            });
            return new(full, held, shared is null ? full : System.IO.Path.GetFullPath(shared));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>A place of what is kept by content and may be of use to other runs of a sweep.</summary>
    public string Shared(params string[] parts) => System.IO.Path.Combine([shared, .. parts]);

    /// <summary>The folders of the other runs of the same sweep.</summary>
    public IEnumerable<string> Siblings => shared == Path ? [] : Directory.EnumerateDirectories(shared)
        .Where(other => other != Path && Directory.Exists(System.IO.Path.Combine(other, "manifests"))).Order(StringComparer.Ordinal);

    /// <summary>Writes a JSON file, whole or not at all.</summary>
    public void WriteJson(string name, object value) => AtomicFile.Write(At(name), stream => JsonSerializer.Serialize(stream, value, RunRecord.Json));

    public void Dispose()
    {
        try { File.Delete(At(HolderFile)); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { } // It only says who held the lock.
        held.Dispose();
    }

    private const string HolderFile = ".lock-holder";

    // Whom the lock belongs to can be told only while it is held: a killed run leaves the note, and the next holder replaces it.
    private static string Holder(string folder)
    {
        try { return $", {File.ReadAllText(System.IO.Path.Combine(folder, HolderFile))}"; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return ""; }
    }
}
