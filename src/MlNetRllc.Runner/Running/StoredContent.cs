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
    /// <param name="folder">The run.</param>
    /// <param name="step">The step, which is done.</param>
    /// <param name="key">What its result follows from.</param>
    /// <returns>A sentence on each damaged file.</returns>
    public static IReadOnlyList<string> PutDamagedAside(RunFolder folder, StepSpec step, StepKey key)
    {
        if (StepReferences.Find(folder.Path, step.Name, key.Value) is not { } references) return [];
        var said = new List<string>();
        foreach (var path in references.In(folder.Path))
        {
            if (step.Planned().ContentFolders.FirstOrDefault(c => IsIn(folder.Shared(c.Name), path)) is not { } content) continue;
            foreach (var file in content.FilesOf(path))
                if (DamageOf(content, file) is { } why) DamagedFile.Refuse(file, why, said.Add);
        }
        return said;
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
