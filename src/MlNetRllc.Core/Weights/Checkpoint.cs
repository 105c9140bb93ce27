using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Weights;

/// <summary>A model on disk: weights as safetensors, the model's shape as JSON in the metadata key <c>config</c>.</summary>
public static class Checkpoint
{
    /// <summary>Metadata key of the <see cref="TransformerConfig"/>, as JSON.</summary>
    public const string ConfigKey = "config";

    /// <summary>Metadata key of the training step, a whole number.</summary>
    public const string StepKey = "step";

    private static readonly JsonSerializerOptions Json = new()
    {
        IgnoreReadOnlyProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a checkpoint, whole or not at all; weights lie in the canonical order of <see cref="WeightNames.Shapes"/>.</summary>
    /// <param name="path">The file to create or replace, by convention <c>*.safetensors</c>.</param>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">Exactly the model's weights.</param>
    /// <param name="metadata">More text to keep, such as <see cref="StepKey"/>; not <see cref="ConfigKey"/>.</param>
    /// <exception cref="ArgumentException">The weights are not the model's, or not finite; nothing is written.</exception>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; an older file stays.</exception>
    public static void Save(string path, TransformerConfig config, WeightSet weights, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var (ordered, all) = Prepared(config, weights, metadata);
        Safetensors.Write(path, ordered, all);
    }

    /// <summary>Writes a checkpoint to a stream, which stays open.</summary>
    /// <inheritdoc cref="Save(string, TransformerConfig, WeightSet, IReadOnlyDictionary{string, string})"/>
    public static void Save(Stream stream, TransformerConfig config, WeightSet weights, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var (ordered, all) = Prepared(config, weights, metadata);
        Safetensors.Write(stream, ordered, all);
    }

    /// <summary>Reads a checkpoint and checks that names, shapes and values fit its model.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, of another architecture, or holds values that are not finite; the message
    /// names the tensor and the reason.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static (TransformerConfig Config, WeightSet Weights) Load(string path)
    {
        var (weights, metadata) = Safetensors.Read(path);
        return Checked(weights, metadata, path);
    }

    /// <summary>Reads a checkpoint from a stream that <see cref="Save(Stream, TransformerConfig, WeightSet, IReadOnlyDictionary{string, string})"/> wrote.</summary>
    /// <param name="stream">Left just after the checkpoint.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <exception cref="InvalidDataException">As for a file.</exception>
    public static (TransformerConfig Config, WeightSet Weights) Load(Stream stream, string source = "the stream")
    {
        var (weights, metadata) = Safetensors.Read(stream, source);
        return Checked(weights, metadata, source);
    }

    private static (TransformerConfig Config, WeightSet Weights) Checked(WeightSet weights, IReadOnlyDictionary<string, string> metadata, string source)
    {
        if (!metadata.TryGetValue(ConfigKey, out var json))
            throw new InvalidDataException($"{source}: the metadata has no key '{ConfigKey}' with the model's shape.");
        try
        {
            var config = JsonSerializer.Deserialize<TransformerConfig>(json, Json)?.Validated()
                ?? throw new InvalidDataException($"{source}: the metadata key '{ConfigKey}' is null.");
            return (config, weights.CheckedAgainst(config));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{source}: the metadata key '{ConfigKey}' is not the shape of a model of this kind ({e.Message})", e);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{source}: {e.Message}", e);
        }
    }

    private static (WeightSet Weights, Dictionary<string, string> Metadata) Prepared(
        TransformerConfig config, WeightSet weights, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentNullException.ThrowIfNull(weights);
        weights.CheckedAgainst(config.Validated());
        var all = metadata is null ? [] : new Dictionary<string, string>(metadata, StringComparer.Ordinal);
        if (!all.TryAdd(ConfigKey, JsonSerializer.Serialize(config, Json)))
            throw new ArgumentException($"The metadata key '{ConfigKey}' is the checkpoint's own.", nameof(metadata));
        return (new(WeightNames.Shapes(config).Select(w => weights[w.Name])), all);
    }
}
