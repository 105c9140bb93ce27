using System.Text.Json;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Runner.Runs;

/// <summary>What is kept by content and a step of some key needs, written before the step does its work: so
/// that a plan can tell what is there already, and nothing of a study in progress is collected.</summary>
/// <param name="Step">The step.</param>
/// <param name="Key">What its result follows from.</param>
/// <param name="Paths">Files and folders, relative to the run's folder, with '/'.</param>
internal sealed record StepReferences(string Step, string Key, IReadOnlyList<string> Paths)
{
    public const string Folder = "references";

    public void Write(RunFolder folder) => folder.WriteRecord($"{Folder}/{NameOf(Step, Key)}", this);

    /// <summary>The paths in full.</summary>
    public IEnumerable<string> In(string runFolder) => Paths.Select(p => Path.GetFullPath(Path.Combine(runFolder, p)));

    /// <summary>What a step of that key needs, when it was ever begun.</summary>
    public static StepReferences? Find(string runFolder, string step, string key) => Read(FileOf(runFolder, step, key));

    /// <summary>All of a run, with their files, the latest last.</summary>
    public static IEnumerable<(string File, StepReferences References)> All(string runFolder)
    {
        var files = RunFiles.In(Path.Combine(runFolder, Folder), "*.json").OrderBy(File.GetLastWriteTimeUtc);
        return from file in files let read = Read(file) where read is not null select (file, read);
    }

    private static string FileOf(string runFolder, string step, string key) => Path.Combine(runFolder, Folder, NameOf(step, key));

    /// <summary>The step that a file of references belongs to, by its name.</summary>
    public static string StepOf(string file) => Path.GetFileNameWithoutExtension(file)[..^13];

    private static string NameOf(string step, string key) => $"{step}-{key[..12]}.json";

    private static StepReferences? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var read = JsonSerializer.Deserialize<StepReferences>(SealedFile.Read(path), RunRecord.Json);
            return read is { Step: not null, Key: not null, Paths: not null } && !read.Paths.Contains(null!) ? read : null;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            return null;
        }
    }
}
