using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Runner.Runs;

/// <summary>Says that a step is done, from what, and what it left: one file a step, committed by rename behind its results.</summary>
internal sealed record Manifest(string Step, string Key, IReadOnlyDictionary<string, string> Parts, string Summary, double Seconds)
{
    /// <summary>The files that hold the results; null in manifests of programs that did not list them.</summary>
    public IReadOnlyList<OutputFile>? Files { get; init; }

    /// <summary>The <see cref="Digest"/> of each step that this one read.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the step was begun anew since: its files may be of either time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsReplaced { get; init; }

    /// <summary>The shape of the model that the step trained or loaded; null of any other, and in manifests of older programs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TransformerConfig? Model { get; init; }

    public IReadOnlyDictionary<string, double> Results { get; init; } = new Dictionary<string, double>();

    /// <summary>What could not be done; a step with any is tried again by the next run.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>SHA-256 of what came out: paths and hashes of all files.</summary>
    public string Digest => ContentHash.OfText(string.Join('\n', (Files ?? []).Select(f => $"{f.Sha256} {f.Path}")));

    /// <summary>Where a step's manifest lies.</summary>
    public static string PathOf(string runFolder, string step) => Path.Combine(runFolder, "manifests", $"{step}.json");

    public void Write(RunFolder folder) => folder.WriteRecord($"manifests/{Step}.json", this);

    /// <summary>The manifest of a step, or null where there is none that can be read.</summary>
    public static Manifest? Find(string runFolder, string step) => Read(PathOf(runFolder, step));

    /// <summary>All manifests of a run.</summary>
    public static IEnumerable<Manifest> All(string runFolder) =>
        RunFiles.In(Path.Combine(runFolder, "manifests"), "*.json").Select(Read).OfType<Manifest>();

    private static Manifest? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var read = JsonSerializer.Deserialize<Manifest>(SealedFile.Read(path), RunRecord.Json);
            return read is { Step: not null, Key: not null, Parts: not null, Inputs: not null }
                && (read.Files?.All(f => f is { Path: not null, Sha256: not null }) ?? true) ? read : null;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException) { return null; }
    }
}

/// <summary>A file of results.</summary>
/// <param name="Path">Relative to the run's folder, with '/'.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Written">When it was last written, UTC.</param>
/// <param name="Sha256">Of its content, lower-case hexadecimal.</param>
internal sealed record OutputFile(string Path, long Length, DateTime Written, string Sha256)
{
    /// <summary>Describes a file as it is now.</summary>
    public static OutputFile DescribedAt(string runFolder, string path)
    {
        var file = Target(path);
        var relative = PortablePath.Relative(runFolder, path);
        return new(relative, file.Length, file.LastWriteTimeUtc, ContentHash.OfFile(path));
    }

    public string In(string runFolder) => System.IO.Path.GetFullPath(System.IO.Path.Combine(runFolder, Path));

    // A link's own length and time say nothing of what it leads to.
    private static FileInfo Target(string path) =>
        new FileInfo(path) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target
            ? target
            : new(path);

    /// <summary>What is wrong with the file now, or null.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="thorough">Reads it in any case; otherwise a file of the same length and time counts as the same.</param>
    public string? Damage(string runFolder, bool thorough)
    {
        var file = Target(In(runFolder));
        if (!file.Exists) return $"{Path} is missing";
        if (file.Length != Length) return $"{Path} was changed";
        return (thorough || file.LastWriteTimeUtc != Written) && ContentHash.OfFile(file.FullName) != Sha256 ? $"{Path} was changed" : null;
    }
}
