using MlNetRllc.Core.Files;
using MlNetRllc.Core.Weights;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Running;

/// <summary>Moves and removes the files of finished steps.</summary>
internal static class StepFiles
{
    /// <summary>Where damaged files of a run's steps are put.</summary>
    private const string Damaged = "damaged";

    /// <summary>Takes over a step that another run of the sweep did with the same key:
    /// its tables are copied, what both share lies there already.</summary>
    /// <returns>The step's manifest in this run; null where nobody did it.</returns>
    public static Manifest? Adopt(Study study, StepSpec step, StepKey key)
    {
        var folder = study.Folder;
        foreach (var other in folder.Siblings)
        {
            if (StepState.StateOf(other, step, key, study.ManifestOf, thorough: true)
                is not { IsDone: true, Manifest: { } found }) continue;
            if (StoredContent.PutDamagedAside(study, other, step, key)) continue;
            // A page speaks of its own run.
            if (found.Files!.Any(f => !f.Path.Contains('/', StringComparison.Ordinal) || !folder.Owns(f.In(folder.Path)))) continue;
            foreach (var file in found.Files!.Where(f => !f.Path.StartsWith("../", StringComparison.Ordinal)))
                AtomicFile.Write(file.In(folder.Path), stream =>
                {
                    using var source = SharedFile.OpenRead(file.In(other));
                    source.CopyTo(stream);
                });
            var files = found.Files!.Select(f => f with { Written = File.GetLastWriteTimeUtc(f.In(folder.Path)) });
            var adopted = found with { Files = [.. files] };
            adopted.Write(folder);
            return adopted;
        }
        return null;
    }

    /// <summary>Clears the way for a step that is done anew: puts its damaged files aside, removes the whole of a content folder
    /// that one of them lies in, and notes that what its manifest says holds no longer.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="contents">The folders in which its kind keeps things by content.</param>
    /// <param name="before">What the step left.</param>
    /// <param name="key">What its result follows from now.</param>
    /// <param name="forced">Removes content folders even though they are whole.</param>
    /// <returns>A sentence on each damaged file; it is put aside in the run's folder <c>damaged</c>.</returns>
    public static IReadOnlyList<string> Discard(
        RunFolder folder, IReadOnlyList<ContentFolder> contents, Manifest before, string key, bool forced)
    {
        if (before.IsReplaced) return [];
        // Content of another key, or of a step that was only partly done, is checked by who reads it.
        var isOfThisKey = before.Key == key && before.Problems.Count == 0;
        var roots = contents.Where(c => c.Unit == ContentUnit.Subfolder).Select(c => folder.Shared(c.Name)).ToList();
        var said = new List<string>();
        var unwanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in (before.Files ?? []).Where(f => folder.Owns(f.In(folder.Path))))
        {
            var path = file.In(folder.Path);
            var content = ContentOf(path, roots);
            if (content is not null && !isOfThisKey) continue;
            var damage = file.Damage(folder.Path, thorough: true);
            if (damage is not null && File.Exists(path))
                said.Add(DamagedFile.Sentence(path, "it was changed since it was written", PutAside(folder, path)));
            if (content is not null && (forced || damage is not null)) unwanted.Add(content);
        }
        // Every file was looked at before the first folder goes.
        foreach (var content in unwanted) SharedFile.Delete(content);
        (before with { IsReplaced = true }).Write(folder);
        return said;
    }

    /// <summary>The folder of one thing kept by content that a file lies in; null where it lies in none.</summary>
    private static string? ContentOf(string path, IReadOnlyList<string> roots)
    {
        var root = roots.FirstOrDefault(root => path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        return root is null ? null : Path.Combine(root, Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar)[0]);
    }

    /// <summary>Moves a damaged file of a run into its folder <c>damaged</c>.</summary>
    /// <returns>Where it is now, relative to the run's folder.</returns>
    // Not beside it: folders of tables, tokenizers and weights are read as a whole, and some are removed as a whole.
    public static string PutAside(RunFolder folder, string path)
    {
        var parts = Path.GetRelativePath(folder.Path, path).Split(Path.DirectorySeparatorChar).Where(part => part != "..");
        var target = folder.At([Damaged, .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        for (var n = 2; File.Exists(target); n++) target = folder.At([Damaged, $"{n}", .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        AtomicFile.MoveFolder(path, target);
        return Path.GetRelativePath(folder.Path, target);
    }
}
