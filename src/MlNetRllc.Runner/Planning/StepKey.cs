using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Planning;

/// <summary>What a step's result follows from, part by part: the component, its options (seed included), its inputs.</summary>
/// <param name="Parts">By name, such as "options" or "contexts"; each as text or as the key of another step.</param>
internal sealed record StepKey(IReadOnlyDictionary<string, string> Parts)
{
    /// <summary>Raise when results of a component change for equal options and inputs.</summary>
    private const int ComponentVersion = 1;

    private static readonly JsonSerializerOptions Compact = new(RunRecord.Json) { WriteIndented = false };

    /// <summary>SHA-256 of all parts.</summary>
    public string Value => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', Parts.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}")))));

    /// <summary>The keys of all steps, by name.</summary>
    public static IReadOnlyDictionary<string, StepKey> Of(Pipeline pipeline)
    {
        var keys = new Dictionary<string, StepKey>(StringComparer.Ordinal);
        foreach (var step in pipeline.Steps)
        {
            var parts = new Dictionary<string, string>(StringComparer.Ordinal) { ["component"] = $"{step.Kind.Component} {ComponentVersion}" };
            foreach (var options in step.Options) parts[options.GetType().Name] = JsonSerializer.Serialize(options, options.GetType(), Compact);
            foreach (var input in step.Kind.Inputs.Where(i => step.Has(i.Key)))
                parts[input.Key] = string.Join(", ", step.Inputs[input.Key].Select(name => input.Type switch
                {
                    InputType.Step => keys[name].Value,
                    InputType.Texts => name,
                    _ => $"{name}: {IdentityOf(pipeline.Datasets[name])}",
                }));
            keys[step.Name] = new(parts);
        }
        return keys;
    }

    /// <summary>Why a result with <paramref name="other"/> key does not serve: the parts that differ.</summary>
    public string Differences(StepKey other) => string.Join(", ", Parts.Keys.Union(other.Parts.Keys)
        .Where(name => Parts.GetValueOrDefault(name) != other.Parts.GetValueOrDefault(name)).Order(StringComparer.Ordinal).Select(name => $"{name} changed"));

    // A card by its name; a file by what tells that it was touched, so that a plan need not read gigabytes.
    private static string IdentityOf(string dataset) => new FileInfo(dataset) is { Exists: true } file
        ? $"{file.FullName} {file.Length} {file.LastWriteTimeUtc:O}" : dataset;
}
