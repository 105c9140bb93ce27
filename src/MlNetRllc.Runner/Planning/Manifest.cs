using System.Text.Json;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Planning;

/// <summary>Says that a step is done, and from what: one file a step, committed by rename behind its results.</summary>
internal sealed record Manifest(string Step, string Key, IReadOnlyDictionary<string, string> Parts, string Summary, double Seconds)
{
    public static void Write(RunFolder folder, string step, StepKey key, string summary, double seconds) =>
        folder.WriteJson(Path.Combine("manifests", $"{step}.json"), new Manifest(step, key.Value, key.Parts, summary, seconds));

    /// <summary>The manifest of a step, or null where there is none that can be read.</summary>
    public static Manifest? Find(string runFolder, string step)
    {
        var path = Path.Combine(runFolder, "manifests", $"{step}.json");
        if (!File.Exists(path)) return null;
        try { return JsonSerializer.Deserialize<Manifest>(File.ReadAllBytes(path), RunRecord.Json); }
        catch (JsonException) { return null; }
    }
}
