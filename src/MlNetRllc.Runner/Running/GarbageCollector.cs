using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Running;

/// <summary>What can be removed from a run's or sweep's folder.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Rows">Files of sampled rows.</param>
/// <param name="Stores">Folders of tokenized text.</param>
/// <param name="Checkpoints">Folders of weights.</param>
/// <param name="Scores">Folders of heads' scores.</param>
/// <param name="Notes">Lists of what nothing needs any more.</param>
internal sealed record Garbage(string Folder, IReadOnlyList<string> Rows, IReadOnlyList<string> Stores, IReadOnlyList<string> Checkpoints,
    IReadOnlyList<string> Scores, IReadOnlyList<string> Notes)
{
    private IEnumerable<string> Folders => [.. Stores, .. Checkpoints, .. Scores];

    public bool IsEmpty => Rows.Count + Folders.Count() == 0;

    /// <summary>In a folder, or below it; what a link leads to is neither.</summary>
    internal static readonly EnumerationOptions Here = new() { AttributesToSkip = FileAttributes.ReparsePoint };

    /// <inheritdoc cref="Here"/>
    internal static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    public long Bytes => Rows.Sum(f => new FileInfo(f).Length) + Folders.SelectMany(d => Directory.EnumerateFiles(d, "*", Below)).Sum(f => new FileInfo(f).Length);

    public void Remove()
    {
        foreach (var file in Rows) File.Delete(file);
        foreach (var folder in Folders) Directory.Delete(folder, recursive: true);
        foreach (var note in Notes) File.Delete(note);
    }
}

/// <summary>Finds rows, token stores, checkpoints and scores that no run and no pipeline refers to.</summary>
/// <remarks>A manifest keeps its files; a step that was begun and not finished keeps what it will need; a pipeline keeps what any step of its keys needs.</remarks>
internal static class GarbageCollector
{
    /// <summary>The folders of runs and sweeps under a folder.</summary>
    public static IEnumerable<string> Folders(string runs) => Directory.Exists(runs)
        ? Directory.EnumerateDirectories(runs).Where(d => File.Exists(Path.Combine(d, "run.json")) || File.Exists(Path.Combine(d, SweepRecord.FileName))).Order(StringComparer.Ordinal) : [];

    /// <summary>What can be removed from a folder.</summary>
    /// <param name="folder">A run's or sweep's folder.</param>
    /// <param name="wanted">Keys of steps that some pipeline has now.</param>
    public static Garbage Find(string folder, IReadOnlySet<string> wanted)
    {
        folder = Path.GetFullPath(folder);
        var (used, notes) = (new HashSet<string>(StringComparer.Ordinal), new List<string>());
        foreach (var run in Directory.EnumerateDirectories(folder).Where(IsRun).Prepend(folder))
        {
            // A manifest under another name than its step's is a copy that somebody made.
            var manifests = Manifest.All(run).Select(m => Manifest.Find(run, m.Step)).OfType<Manifest>().DistinctBy(m => m.Step, StringComparer.Ordinal)
                .ToDictionary(m => m.Step, StringComparer.Ordinal);
            used.UnionWith(manifests.Values.SelectMany(m => m.Files ?? []).Select(f => SafePath.Resolved(f.In(run))));
            foreach (var step in StepReferences.All(run).GroupBy(r => r.References.Step, StringComparer.Ordinal))
            {
                // The last one begun may not be finished, and is then all that an interrupted run has.
                var latest = step.Last();
                foreach (var (file, references) in step)
                {
                    if (file == latest.File || wanted.Contains(references.Key) || manifests.GetValueOrDefault(step.Key)?.Key == references.Key) used.UnionWith(references.In(run).Select(SafePath.Resolved));
                    else notes.Add(file);
                }
            }
        }
        // By where paths lead: what a link that is in use leads to is in use. A link itself is nobody's garbage.
        bool IsUsed(string path) => used.Contains(path) || used.Any(u => u.StartsWith(path + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        IEnumerable<string> Own(string name) => new DirectoryInfo(Path.Combine(folder, name)) is { Exists: true, LinkTarget: null } own
            ? own.EnumerateDirectories("*", Garbage.Here).Select(d => d.FullName) : [];
        List<string> Unused(string name) => [.. Own(name).Where(d => !IsUsed(SafePath.Resolved(d))).Order(StringComparer.Ordinal)];
        var rows = Own("rows").SelectMany(d => Directory.EnumerateFiles(d, "*.json", Garbage.Below)).Where(f => !used.Contains(SafePath.Resolved(f)));
        return new(folder, [.. rows.Order(StringComparer.Ordinal)], Unused("tokens"), Unused("checkpoints"), Unused("scores"), notes);
    }

    private static bool IsRun(string folder) => Directory.Exists(Path.Combine(folder, "manifests")) || Directory.Exists(Path.Combine(folder, "references"));
}
