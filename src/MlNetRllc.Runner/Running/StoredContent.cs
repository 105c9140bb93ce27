using System.Collections.Concurrent;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Running;

/// <summary>What a finished step keeps by content beside its tables, such as rows and scores.</summary>
internal static class StoredContent
{
    private static readonly ConcurrentDictionary<string, (DateTime, long)> Whole = new(StringComparer.Ordinal);

    /// <summary>Reads all of it against its digests, and puts aside what is damaged: the step then has it to make again.</summary>
    /// <param name="study">The study, which is told.</param>
    /// <param name="run">The folder of the run that did the step.</param>
    /// <param name="step">The step.</param>
    /// <param name="key">What its result follows from.</param>
    /// <returns>Whether there was any.</returns>
    public static bool PutDamagedAside(Study study, string run, StepSpec step, StepKey key)
    {
        if (StepReferences.Find(run, step.Name, key.Value) is not { } references) return false;
        var any = false;
        foreach (var path in references.In(run))
        {
            if (step.Planned().ContentFolders.FirstOrDefault(c => IsIn(study.Folder.Shared(c.Name), path)) is not { } content) continue;
            foreach (var file in content.FilesOf(path))
            {
                if (DamageOf(content, file) is not { } why) continue;
                DamagedFile.Refuse(file, why, study.TellDamaged);
                any = true;
            }
        }
        return any;
    }

    private static string? DamageOf(ContentFolder content, string path)
    {
        // Combinations share what they have in common, and a file is read once for all of them.
        var file = new FileInfo(path);
        if (!file.Exists) return null;
        var stamp = (file.LastWriteTimeUtc, file.Length);
        if (Whole.TryGetValue(path, out var seen) && seen == stamp) return null;
        if (content.DamageOf(path) is { } why) return why;
        Whole[path] = stamp;
        return null;
    }

    private static bool IsIn(string folder, string path) => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
