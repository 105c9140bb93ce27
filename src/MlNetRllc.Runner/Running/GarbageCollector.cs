using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Running;

/// <summary>Finds rows, token stores, checkpoints and scores that no run and no pipeline refers to.</summary>
/// <remarks>A manifest keeps its files; a step that was begun and not finished keeps what it will need; a
/// pipeline keeps what any step of its keys needs.</remarks>
internal static class GarbageCollector
{
    /// <summary>The folders of runs and sweeps under a folder.</summary>
    public static IEnumerable<string> Folders(string runs) => !Directory.Exists(runs) ? []
        : Directory.EnumerateDirectories(runs).Where(IsOfRunOrSweep).Order(StringComparer.Ordinal);

    private static bool IsOfRunOrSweep(string folder) =>
        File.Exists(Path.Combine(folder, "run.json")) || File.Exists(Path.Combine(folder, SweepRecord.FileName));

    /// <summary>What can be removed from a folder.</summary>
    /// <param name="folder">A run's or sweep's folder.</param>
    /// <param name="wanted">Keys of steps that some pipeline has now.</param>
    /// <param name="contents">The folders in which steps keep things by content.</param>
    /// <exception cref="InvalidDataException">What a step of it noted is damaged.</exception>
    public static Garbage Find(string folder, IReadOnlySet<string> wanted, IReadOnlyList<ContentFolder> contents)
    {
        folder = Path.GetFullPath(folder);
        var (used, notes) = (new HashSet<string>(StringComparer.Ordinal), new List<string>());
        foreach (var run in Directory.EnumerateDirectories(folder).Where(IsRun).Prepend(folder)) CollectUsed(run, wanted, used, notes);
        List<string> Unused(ContentFolder content) => [.. ThingsIn(Path.Combine(folder, content.Name), content)
            .Where(thing => !IsUsed(content.NameOf(RealPath.Resolve(thing)), content.Unit, used)).Order(StringComparer.Ordinal)];
        return new(folder, [.. contents.Select(content => new ContentGarbage(content, Unused(content)))], notes);
    }

    // What a damaged one keeps is not known.
    private static void CheckNotes(string run)
    {
        foreach (var file in new[] { "manifests", StepReferences.Folder }.SelectMany(f => RunFiles.In(Path.Combine(run, f), "*.json")))
            if (SealedFile.DamageOf(file) is { } why)
                throw new InvalidDataException($"{file} is damaged: {why}. Run the study again: it makes what is damaged anew.");
    }

    /// <summary>Adds to what is used all that a run needs, and to the notes its references that serve nobody.</summary>
    private static void CollectUsed(string run, IReadOnlySet<string> wanted, HashSet<string> used, List<string> notes)
    {
        CheckNotes(run);
        // A manifest under another name than its step's is a copy that somebody made.
        var manifests = Manifest.All(run).Select(m => Manifest.Find(run, m.Step)).OfType<Manifest>()
            .DistinctBy(m => m.Step, StringComparer.Ordinal).ToDictionary(m => m.Step, StringComparer.Ordinal);
        used.UnionWith(manifests.Values.SelectMany(m => m.Files ?? []).Select(f => RealPath.Resolve(f.In(run))));
        foreach (var step in StepReferences.All(run).GroupBy(r => r.References.Step, StringComparer.Ordinal))
        {
            // The last one begun may not be finished, and is then all that an interrupted run has.
            var latest = step.Last();
            foreach (var (file, references) in step)
            {
                var isNeeded = file == latest.File || wanted.Contains(references.Key)
                    || manifests.GetValueOrDefault(step.Key)?.Key == references.Key;
                if (isNeeded) used.UnionWith(references.In(run).Select(RealPath.Resolve));
                else notes.Add(file);
            }
        }
    }

    // By where paths lead: what a link that is in use leads to is in use. A link itself is nobody's garbage.
    private static bool IsUsed(string path, ContentUnit unit, HashSet<string> used) => used.Contains(path)
        || unit == ContentUnit.Subfolder && used.Any(u => u.StartsWith(path + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private static IEnumerable<string> ThingsIn(string folder, ContentFolder content)
    {
        if (new DirectoryInfo(folder) is not { Exists: true, LinkTarget: null } own) return [];
        var subfolders = own.EnumerateDirectories("*", Garbage.Here).Select(d => d.FullName);
        return content.Unit == ContentUnit.Subfolder ? subfolders
            : subfolders.SelectMany(d => Directory.EnumerateFiles(d, "*", Garbage.Below))
                .Where(f => content.Endings.Contains(Path.GetExtension(f)) && RunFiles.IsOfTheRun(f));
    }

    /// <summary>Whether a folder holds what steps of a run note.</summary>
    public static bool IsRun(string folder) =>
        Directory.Exists(Path.Combine(folder, "manifests")) || Directory.Exists(Path.Combine(folder, "references"));
}
