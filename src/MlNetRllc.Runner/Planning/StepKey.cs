using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Weights;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Planning;

/// <summary>What a step's result follows from, part by part: the component, its options (seed included), its inputs.</summary>
/// <param name="Parts">By name, such as "options" or "contexts"; each as text or as the key of another step.</param>
internal sealed record StepKey(IReadOnlyDictionary<string, string> Parts)
{
    private static readonly JsonSerializerOptions Compact = new(RunRecord.Json) { WriteIndented = false };

    /// <summary>SHA-256 of all parts.</summary>
    public string Value => ContentHash.OfText(
        string.Join('\n', Parts.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}")));

    // A new build may compute or draw anything else; what takes seconds is not worth a question.
    private static string VersionOf(PlannedKind kind) =>
        kind.IsLight ? Build : kind.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static readonly Type[] Modules = [typeof(StepKey), typeof(RllcCatalog), typeof(Core.Model.TransformerConfig)];

    private static string Build { get; } =
        ContentHash.OfBytes([.. Modules.SelectMany(t => t.Module.ModuleVersionId.ToByteArray())])[..16];

    /// <summary>The keys of all steps, by name.</summary>
    /// <param name="pipeline">The study.</param>
    /// <param name="hashes">The content of its inputs; the files are read anew when null.</param>
    public static IReadOnlyDictionary<string, StepKey> KeysOf(Pipeline pipeline, InputHashes? hashes = null)
    {
        hashes ??= new();
        var keys = new Dictionary<string, StepKey>(StringComparer.Ordinal);
        foreach (var step in pipeline.Steps)
        {
            var parts = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["component"] = $"{step.Kind.Component} {VersionOf(step.Planned())}",
            };
            foreach (var options in step.Options) parts[options.GetType().Name] = OptionsIdentity.IdentityOf(options, Compact, hashes);
            foreach (var input in step.Kind.Inputs.Where(i => step.Has(i.Key)))
                parts[input.Key] = input.IsFile ? ContentOf(pipeline, step, input, hashes)
                    : string.Join(", ", step.Inputs[input.Key].Select(name => input.Type == InputType.Step ? keys[name].Value : name));
            keys[step.Name] = new(parts);
        }
        return keys;
    }

    /// <summary>The part of a key that says what an input's files hold now.</summary>
    public static string ContentOf(Pipeline pipeline, StepSpec step, StepInput input, InputHashes hashes) =>
        string.Join(", ", step.Inputs[input.Key].Select(name => input.Type == InputType.Folder ? CheckpointsOf(name, hashes)
            : $"{name}: {DatasetIdentity.IdentityOf(pipeline.Datasets[pipeline.DatasetOf(input, name)], hashes)}"
                + (input.Type == InputType.Probes ? $" {ProbeIdentity.IdentityOf(pipeline.Probes[name], Compact)}"
                    : pipeline.Masked.TryGetValue(name, out var mask) ? $" tokens {mask.Tokens}" : "")));

    // Checkpoints are known by their steps and weights; whatever else lies in the folder is not read.
    private static string CheckpointsOf(string folder, InputHashes hashes) => ContentHash.OfText(
        string.Join('\n', CheckpointFolder.Enumerate(folder).Select(c => $"{c.Step} {hashes.OfFile(c.Path)}")));

    /// <summary>Why a result with <paramref name="other"/> key does not serve: the parts that differ.</summary>
    public string Differences(StepKey other) => string.Join(", ", Parts.Keys.Union(other.Parts.Keys)
        .Where(name => Parts.GetValueOrDefault(name) != other.Parts.GetValueOrDefault(name))
        .Order(StringComparer.Ordinal).Select(name => $"{name} changed"));
}
