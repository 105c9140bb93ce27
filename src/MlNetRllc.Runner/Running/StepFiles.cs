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
            // A page speaks of its own run.
            if (found.Files!.Any(f => !f.Path.Contains('/', StringComparison.Ordinal) || !folder.Owns(f.In(folder.Path)))) continue;
            foreach (var file in found.Files!.Where(f => !f.Path.StartsWith("../", StringComparison.Ordinal)))
                AtomicFile.Write(file.In(folder.Path), stream =>
                {
                    using var source = File.OpenRead(file.In(other));
                    source.CopyTo(stream);
                });
            var files = found.Files!.Select(f => f with { Written = File.GetLastWriteTimeUtc(f.In(folder.Path)) });
            var adopted = found with { Files = [.. files] };
            adopted.Write(folder);
            return adopted;
        }
        return null;
    }

    /// <summary>Removes what is left of a step that is done anew: the files that are damaged,
    /// and the whole of a content folder that one of them lies in.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="contents">The folders in which its kind keeps things by content.</param>
    /// <param name="manifest">What the step left.</param>
    /// <param name="all">Removes content folders even though they are whole.</param>
    /// <returns>A sentence on each damaged file; it is put aside in the run's folder <c>damaged</c>.</returns>
    public static IReadOnlyList<string> Discard(RunFolder folder, IReadOnlyList<ContentFolder> contents, Manifest manifest, bool all)
    {
        var roots = contents.Where(c => c.Unit == ContentUnit.Subfolder).Select(c => folder.Shared(c.Name)).ToList();
        var said = new List<string>();
        foreach (var file in manifest.Files ?? [])
        {
            var path = file.In(folder.Path);
            if (!folder.Owns(path)) continue;
            var content = roots.Find(root => path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal));
            var damage = file.Damage(folder.Path, thorough: true);
            if (!all && damage is null) continue;
            var first = content is null
                ? null
                : Path.Combine(content, Path.GetRelativePath(content, path).Split(Path.DirectorySeparatorChar)[0]);
            if (damage is not null && File.Exists(path))
                said.Add(DamagedFile.Sentence(path, "it was changed since it was written", PutAside(folder, path)));
            if (first is not null && Directory.Exists(first)) Directory.Delete(first, recursive: true);
        }
        return said;
    }

    // Not beside it: folders of tables, tokenizers and weights are read as a whole, and some are removed as a whole.
    private static string PutAside(RunFolder folder, string path)
    {
        var parts = Path.GetRelativePath(folder.Path, path).Split(Path.DirectorySeparatorChar).Where(part => part != "..");
        var target = folder.At([Damaged, .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        for (var n = 2; File.Exists(target); n++) target = folder.At([Damaged, $"{n}", .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(path, target);
        return Path.GetRelativePath(folder.Path, target);
    }
}
