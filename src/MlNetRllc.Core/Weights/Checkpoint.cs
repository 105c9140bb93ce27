using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using TorchSharp;

namespace MlNetRllc.Core.Weights;

/// <summary>A model on disk: weights as safetensors, the model's shape as JSON in the metadata key
/// <c>config</c>.</summary>
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
        TypeInfoResolver = new ConstructedObjects(WeightsJson.Default),
    };

    /// <summary>Writes a checkpoint, whole or not at all; weights lie in the canonical order of
    /// <see cref="WeightNames.Shapes"/>. Its SHA-256 is among the metadata, and checked when it is
    /// read.</summary>
    /// <param name="path">The file to create or replace, by convention <c>*.safetensors</c>.</param>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">Exactly the model's weights.</param>
    /// <param name="metadata">More text to keep, such as <see cref="StepKey"/>; not
    /// <see cref="ConfigKey"/>.</param>
    /// <exception cref="ArgumentException">The weights are not the model's, or not finite; nothing
    /// is written.</exception>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; an older
    /// file stays.</exception>
    public static void Save(
        string path,
        TransformerConfig config,
        WeightSet weights,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        var (ordered, all) = Prepared(config, weights, metadata);
        Safetensors.Write(path, ordered, WeightDigest.Added(ordered, all));
    }

    /// <summary>Writes a checkpoint to a stream, which stays open.</summary>
    /// <inheritdoc cref="Save(string, TransformerConfig, WeightSet, IReadOnlyDictionary{string, string})"/>
    public static void Save(
        Stream stream,
        TransformerConfig config,
        WeightSet weights,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        var (ordered, all) = Prepared(config, weights, metadata);
        Safetensors.Write(stream, ordered, all);
    }

    /// <summary>Reads a checkpoint, own or foreign, and checks that names, shapes and values fit
    /// its model.</summary>
    /// <param name="path">A safetensors file, or a PyTorch state dict (<c>.pt</c>, <c>.pth</c>; see
    /// <see cref="PyTorch.PyTorchFile"/>). The content decides, not the name. Names are those of
    /// TransformerLens (see <see cref="TransformerLensNames"/>).</param>
    /// <param name="config">The model's shape; when null it comes from the metadata or, failing
    /// that, from names and shapes (<see cref="CheckpointReader.InferConfig(WeightSet)"/>).</param>
    /// <exception cref="InvalidDataException">The file is damaged, of another architecture, or
    /// holds values that are not finite; the message names the tensor and the reason.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static (TransformerConfig Config, WeightSet Weights) Load(
        string path, TransformerConfig? config = null)
    {
        var (weights, metadata) = CheckpointReader.ReadModel(path);
        return Checked(weights, metadata, config, path);
    }

    /// <summary>Reads a checkpoint from a stream that
    /// <see cref="Save(Stream, TransformerConfig, WeightSet, IReadOnlyDictionary{string, string})"/>
    /// wrote.</summary>
    /// <param name="stream">Left just after the checkpoint.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <exception cref="InvalidDataException">As for a file.</exception>
    public static (TransformerConfig Config, WeightSet Weights) Load(
        Stream stream, string source = "the stream")
    {
        var (weights, metadata) = Safetensors.Read(stream, source);
        return Checked(weights, metadata, null, source);
    }

    /// <summary>Runs the model on given tokens and compares its logits with those that another
    /// implementation gave: the one check that sees what names and shapes cannot, such as where
    /// positions enter, the MLP's activation or LayerNorm's epsilon.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="sample">Token ids and expected logits.</param>
    /// <param name="tolerance">Largest difference allowed, in logits.</param>
    /// <returns>The largest difference found.</returns>
    /// <exception cref="InvalidDataException">A logit differs by more; the message names the
    /// sequence, position and token where the difference is largest.</exception>
    /// <exception cref="ArgumentException">The sample does not fit the model.</exception>
    public static double Verify(
        TransformerConfig config, WeightSet weights, LogitSample sample, double tolerance = 1e-3)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (!(tolerance > 0))
            throw new ArgumentOutOfRangeException(
                nameof(tolerance), $"{tolerance}", "The tolerance must be positive.");
        if (sample.Vocabulary != config.VocabularySize)
            throw new ArgumentException($"The sample has logits for {sample.Vocabulary} tokens; " +
                $"the model's vocabulary has {config.VocabularySize}.", nameof(sample));
        Native.TorchNative.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var ungraded = torch.no_grad();
        using var model = new AttentionOnlyTransformer(config);
        model.Load(weights);
        // [batch, pos, vocab]
        var logits = model.call(torch.tensor(sample.Ids, [sample.Sequences, sample.Positions])).cpu().data<float>().ToArray();
        var (largest, at) = (0.0, 0);
        for (var i = 0; i < logits.Length; i++)
        {
            var difference = Math.Abs((double)logits[i] - sample.Logits[i]);
            if (difference > largest || double.IsNaN(difference)) (largest, at) = (difference, i);
            if (double.IsNaN(difference)) break;
        }
        if (largest <= tolerance) return largest;
        var (row, token) = Math.DivRem(at, sample.Vocabulary);
        throw new InvalidDataException($"The model's logits differ from the sample's by up to {largest:g4} (allowed: {tolerance:g4}), " +
            $"most in sequence {row / sample.Positions}, " +
            $"position {row % sample.Positions}, token {token}: {logits[at]:g6} here, {sample.Logits[at]:g6} there. " +
                "It is a model of another architecture, or not the one sampled.");
    }

    private static (TransformerConfig Config, WeightSet Weights) Checked(
        WeightSet weights, IReadOnlyDictionary<string, string> metadata, TransformerConfig? config, string source)
    {
        try
        {
            if (config is null)
                config = metadata.TryGetValue(ConfigKey, out var json)
                    ? JsonSerializer.Deserialize<TransformerConfig>(json, Json)
                        ?? throw new InvalidDataException($"{source}: the metadata key '{ConfigKey}' is null.")
                    : CheckpointReader.InferConfig(weights);
            CheckpointReader.RequireArchitecture(weights, config.Validated());
            return (config, weights.CheckedAgainst(config));
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(source, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{source}: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{source}: the metadata key '{ConfigKey}' is not the shape of a model of this kind " +
                $"({e.Message})", e);
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
            throw new ArgumentException(
                $"The metadata key '{ConfigKey}' is the checkpoint's own.", nameof(metadata));
        return (new(WeightNames.Shapes(config).Select(w => weights[w.Name])), all);
    }
}
