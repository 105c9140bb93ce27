using System.Globalization;
using System.IO.Enumeration;
using System.Text.Json;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Weights;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Runs;

/// <summary>Where a study's results lie, held by one process at a time.</summary>
/// <remarks>Nothing is written outside of it, nor outside the sweep's folder that it shares: every path is made by <see cref="At"/> or
/// <see cref="Shared"/>, which follow links, and no folder in it may be a link that leads out.</remarks>
internal sealed class RunFolder : IDisposable
{
    private static readonly TimeSpan TaskMayWrite = TimeSpan.FromMinutes(10);

    private readonly FileStream held;
    private readonly string shared;

    private RunFolder(string path, FileStream held, string shared) => (Path, this.held, this.shared) = (path, held, shared);

    public string Path { get; }

    public string Report => At(ReportName);

    /// <summary>What the page is called in its folder.</summary>
    public const string ReportName = "report.html";

    /// <summary>Opens a folder, which is made where there is none.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="shared">Where what is kept by content lies (tokens, checkpoints, rows); the folder itself when null.</param>
    /// <exception cref="IOException">Another process holds it, it cannot be written, or a link in it leads out of it.</exception>
    public static RunFolder Open(string path, string? shared = null)
    {
        var root = System.IO.Path.GetFullPath(shared ?? path);
        // A combination that leads to another one's folder would be written over by it.
        if (shared is not null && new DirectoryInfo(path).LinkTarget is { } target)
            throw new IOException($"{path} is a link to {target}: each combination writes in a folder of its own. Remove the link.");
        SafePath.CheckWithin(root, path);
        CheckTwin(System.IO.Path.GetFullPath(path));
        var full = Directory.CreateDirectory(path).FullName;
        Directory.CreateDirectory(SafePath.Within(full, "tables"));
        FileStream held;
        try
        {
            // The system lets go of the lock when the process ends, however it ends: a lock is never stale.
            held = new FileStream(SafePath.Within(full, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (HeldFiles.IsLocked(e))
        {
            throw new IOException(
                $"{full} is in use by another run{Holder(full)} ({e.Message}). "
                + "Wait for it, or give this one another name in the file (name: ...).",
                e).About(ErrorPage.RunInUse);
        }
        try
        {
            CheckLinks(full, root);
            RemoveParts(full, Entries(full));
            AtomicFile.Write(System.IO.Path.Combine(full, HolderFile), stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                writer.Write(string.Create(
                    CultureInfo.InvariantCulture,
                    $"process {Environment.ProcessId} on {Environment.MachineName} since {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC"));
            });
            return new(full, held, shared is null ? full : root);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>A place in the run's folder.</summary>
    /// <exception cref="IOException">A part is no name, or a link leads out of the folder.</exception>
    public string At(params string[] parts) => SafePath.Within(Path, parts);

    /// <summary>A place of what is kept by content and may be of use to other runs of a sweep.</summary>
    /// <inheritdoc cref="At"/>
    public string Shared(params string[] parts) => SafePath.Within(shared, parts);

    /// <summary>Whether a path, such as one that a manifest names, lies in the run's folder or in the sweep's.</summary>
    public bool Owns(string path) => SafePath.Contains(shared, path);

    /// <summary>Refuses a folder that holds a link to a folder elsewhere.</summary>
    /// <param name="folder">The folder; nothing is checked where there is none.</param>
    /// <param name="root">Where its links may lead: the run's folder, or its sweep's.</param>
    /// <exception cref="IOException">A link leads elsewhere.</exception>
    public static void CheckLinks(string folder, string root)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var link in Entries(folder).Where(e => e.IsLink && e.IsFolder)) SafePath.CheckWithin(root, link.Path);
    }

    /// <summary>The folders of the other runs of the same sweep.</summary>
    public IEnumerable<string> Siblings => shared == Path ? [] : Directory.EnumerateDirectories(shared)
        .Where(other => other != Path && Directory.Exists(System.IO.Path.Combine(other, "manifests"))).Order(StringComparer.Ordinal);

    /// <summary>Writes a JSON file, whole or not at all.</summary>
    /// <param name="name">The file, below the run's folder, with '/'.</param>
    /// <param name="value">What it holds.</param>
    public void WriteJson(string name, object value) =>
        AtomicFile.Write(At(name.Split('/')), stream => JsonSerializer.Serialize(stream, value, RunRecord.Json));

    /// <summary>Writes a record of the run, with its SHA-256: <see cref="SealedFile.Read"/> reads it.</summary>
    /// <inheritdoc cref="WriteJson"/>
    public void WriteRecord(string name, object value) =>
        SealedFile.Write(At(name.Split('/')), JsonSerializer.SerializeToUtf8Bytes(value, RunRecord.Json));

    public void Dispose()
    {
        try { File.Delete(At(HolderFile)); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { } // It only says who held the lock.
        held.Dispose();
    }

    private const string HolderFile = ".lock-holder";

    private readonly record struct Entry(string Path, bool IsFolder, bool IsLink, DateTimeOffset Written);

    // Everything below a folder, hidden files too; what a link leads to is not below it.
    private static List<Entry> Entries(string folder) =>
    [
        .. new FileSystemEnumerable<Entry>(folder,
            (ref FileSystemEntry e) => new(
                e.ToFullPath(), e.IsDirectory, e.Attributes.HasFlag(FileAttributes.ReparsePoint), e.LastWriteTimeUtc),
            new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        {
            ShouldRecursePredicate = (ref FileSystemEntry e) => !e.Attributes.HasFlag(FileAttributes.ReparsePoint),
        },
    ];

    // On Windows and macOS both were one folder: two studies would write over each other.
    private static void CheckTwin(string path)
    {
        if (System.IO.Path.GetDirectoryName(path) is not { } parent || !Directory.Exists(parent)) return;
        var name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path));
        string[] there;
        try { there = [.. Directory.EnumerateDirectories(parent).Select(System.IO.Path.GetFileName).OfType<string>()]; }
        catch (UnauthorizedAccessException) { return; } // Who may not look into it cannot be told.
        if (!there.Contains(name) && PortableName.TwinOf(name, there) is { } twin)
            throw new IOException($"{parent} holds the run '{twin}', which differs from '{name}' in case only, and on Windows and macOS "
                + "both would be one folder: give the study another name in the file (name: ...).");
    }

    // What a killed run had begun to write. No other process writes here while the lock is held,
    // but for the tasks of a job array, which take moments to.
    private static void RemoveParts(string folder, List<Entry> entries)
    {
        var runs = Directory.EnumerateDirectories(folder).Prepend(folder);
        var tasks = runs.Any(run => Directory.Exists(System.IO.Path.Combine(run, "slurm")));
        // The latest of two that were exchanged for one file is that file; and nothing is left to be settled in a folder that goes.
        foreach (var part in entries.Where(IsPart).OrderBy(e => e.IsFolder).ThenByDescending(e => e.Written))
            if (tasks && DateTime.UtcNow - part.Written <= TaskMayWrite) continue;
            else Settle(part.Path);
    }

    // What was exchanged for a new file goes; where the exchange stopped half-way, it has its name again.
    private static void Settle(string path)
    {
        if (FileMover.ExchangedFor(path) is { } name && !System.IO.Path.Exists(name)) FileMover.Here.Replace(path, name);
        else FileMover.TryDelete(path);
    }

    private static bool IsPart(Entry entry) =>
        !entry.IsLink && (FileSystemName.MatchesSimpleExpression(".*.part", System.IO.Path.GetFileName(entry.Path))
            || !entry.IsFolder && FileMover.ExchangedFor(entry.Path) is not null);

    // Whom the lock belongs to can be told only while it is held: a killed run leaves the note, and the next holder replaces it.
    private static string Holder(string folder)
    {
        try { return $", {File.ReadAllText(System.IO.Path.Combine(folder, HolderFile))}"; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return ""; }
    }
}
