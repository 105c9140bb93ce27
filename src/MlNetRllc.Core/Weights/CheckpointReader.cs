using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Weights.PyTorch;

namespace MlNetRllc.Core.Weights;

/// <summary>Finds out what a file of weights is: its format, its model's shape, and why it is not a
/// model of this kind.</summary>
public static class CheckpointReader
{
    /// <summary>Parts of names by which other architectures are recognised, and what they mean.</summary>
    private static readonly (string Part, string Reason)[] Foreign =
    [
        ("rotary", "rotary positions; this model adds a position table to the inputs of Q and K"),
        ("rel_pos", "relative positions; this model adds a position table to the inputs of Q and K"),
        (".mlp.W_gate", "a gated MLP; this model's MLP is W_in, GELU, W_out"),
        (".mlp.ln.", "a LayerNorm inside the MLP, which this model lacks"),
        (".mlp.experts", "a mixture of experts, which this model lacks"),
        (".attn._W_", "grouped-query attention; here every head has its own keys and values"),
        ("_post.", "a LayerNorm after attention or MLP; this model has it only before"),
        ("embed.ln.", "a LayerNorm after the embedding, which this model lacks"),
        ("lora", "low-rank adapters; merge them into the weights first"),
    ];

    /// <summary>Reads the tensors of a safetensors file or a PyTorch state dict; the content
    /// decides which it is. Names are brought to those of <see cref="WeightNames"/>, buffers are
    /// left out; whether the weights form a model is not checked.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or of another format; the message
    /// names the tensor and the reason.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static (WeightSet Weights, IReadOnlyDictionary<string, string> Metadata) Read(string path) => Read(path, named: null);

    /// <summary>The same of a model: names that are not its are refused before any value is read.</summary>
    internal static (WeightSet Weights, IReadOnlyDictionary<string, string> Metadata) ReadModel(string path) => Read(path, names =>
    {
        try { ForeignNames.Check(names); }
        catch (InvalidDataException e) { throw new InvalidDataException($"{path}: {e.Message}", e); }
    });

    private static (WeightSet Weights, IReadOnlyDictionary<string, string> Metadata) Read(
        string path, Action<IEnumerable<string>>? named)
    {
        var (weights, metadata) = IsZip(path)
            ? PyTorchFile.Read(path, IsWeight, named)
            : Safetensors.Read(path, IsWeight, named);
        try { return (TransformerLensNames.Normalized(weights), metadata); }
        catch (InvalidDataException e) { throw new InvalidDataException($"{path}: {e.Message}", e); }

        static bool IsWeight(string name) => !TransformerLensNames.IsBuffer(name);
    }

    /// <summary>
    /// The shape of the model that these weights form, read off names and shapes: sizes from
    /// <c>embed.W_E</c>, <c>pos_embed.W_pos</c>, <c>blocks.0.attn.W_Q</c> and
    /// <c>blocks.0.mlp.W_in</c>, biases by their presence.
    /// </summary>
    /// <remarks>
    /// Three things leave no trace in the weights: LayerNorm's epsilon (taken as 1e-5), the MLP's
    /// activation (taken as the exact GELU) and where positions enter: a model that adds its
    /// position table to the residual stream has the same names and shapes. Only logits tell
    /// (<see cref="Checkpoint.Verify"/>).
    /// </remarks>
    /// <exception cref="InvalidDataException">They form no model of this kind; the message names
    /// the tensor and the reason.</exception>
    public static TransformerConfig InferConfig(WeightSet weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.FirstOrDefault(w => ForeignReason(w.Name) is not null) is { } foreign)
            throw Unknown(foreign.Name);
        var layers = weights.Select(w => Block(w.Name)).DefaultIfEmpty(-1).Max() + 1;
        if (layers < 1) throw Missing(weights, WeightNames.Attention(0, "W_Q"));
        var embed = Shape(WeightNames.Embed, "[vocab, d_model]", 2);
        var position = Shape(WeightNames.Position, "[pos, d_model]", 2);
        var query = Shape(WeightNames.Attention(0, "W_Q"), "[head, d_model, d_head]", 3);
        var hasMlp = weights.Any(w => w.Name.StartsWith("blocks.0.mlp.", StringComparison.Ordinal));
        var config = new TransformerConfig
        {
            VocabularySize = embed[0],
            ModelWidth = embed[1],
            ContextLength = position[0],
            Layers = layers,
            Heads = query[0],
            HeadWidth = query[2],
            MlpWidth = hasMlp ? Shape(WeightNames.Mlp(0, "W_in"), "[d_model, d_mlp]", 2)[1] : 0,
            AttentionBiases = weights.TryGet(WeightNames.Attention(0, "b_Q"), out _),
            UnembeddingBias = weights.TryGet(WeightNames.UnembedBias, out _),
        };
        try { config = Options.OptionsValidation.Validated(config); }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidDataException(
                $"The shapes of its tensors stand for an impossible model: {e.Message}", e);
        }
        RequireArchitecture(weights, config);
        return config;

        IReadOnlyList<int> Shape(string name, string axes, int count)
        {
            if (!weights.TryGet(name, out var weight)) throw Missing(weights, name);
            if (weight.Shape.Count != count)
                throw new InvalidDataException(
                    $"The tensor {name} has shape [{string.Join(", ", weight.Shape)}]; it should be {axes}.");
            return weight.Shape;
        }
    }

    /// <summary>Checks that the names are exactly those of the model, and says what a missing or
    /// foreign one means.</summary>
    internal static void RequireArchitecture(WeightSet weights, TransformerConfig config)
    {
        var names = WeightNames.Shapes(config).Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        var extra = weights.Where(w => !names.Contains(w.Name)).ToList();
        if (extra.FirstOrDefault(w => ForeignReason(w.Name) is not null) is { } foreign)
            throw Unknown(foreign.Name);
        if (names.FirstOrDefault(n => !weights.TryGet(n, out _)) is { } missing)
            throw Missing(weights, missing);
        if (extra is [var first, ..]) throw Unknown(first.Name);
    }

    private static bool IsZip(string path)
    {
        if (SpecialFile.IsAt(path)) throw SpecialFile.Refusal(path);
        using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        Span<byte> start = stackalloc byte[4];
        var count = file.ReadAtLeast(start, 4, throwOnEndOfStream: false);
        if (count >= 2 && start[0] == 0x80 && start[1] is >= 2 and <= 5 && !LooksLikeHeader(file))
            throw new InvalidDataException($"{path}: it is a bare pickle, as PyTorch wrote before 1.6; in Python, " +
                "torch.save(torch.load(path), path) writes the format that is read here.");
        return start.StartsWith("PK\x03\x04"u8);
    }

    /// <summary>Whether '{' follows the first eight bytes, as in safetensors (whose length may
    /// happen to start like a pickle).</summary>
    private static bool LooksLikeHeader(FileStream file)
    {
        file.Position = 8;
        return file.ReadByte() == '{';
    }

    private static int Block(string name) =>
        name.Split('.', 3) is ["blocks", var number, _]
            && int.TryParse(number, System.Globalization.NumberStyles.None, null, out var block) && block < 1 << 16 ? block : -1;

    internal static string? ForeignReason(string name) =>
        Foreign.FirstOrDefault(f => name.Contains(f.Part, StringComparison.OrdinalIgnoreCase)).Reason;

    internal static InvalidDataException Unknown(string name) =>
        new($"The model has no tensor {name}{(ForeignReason(name) is { } reason ? $": it stands for {reason}" : "")}. " +
            "The file holds a model of another architecture.");

    private static InvalidDataException Missing(WeightSet weights, string name) => new(
        $"The tensor {name} is missing" + (
            name.Contains(".ln", StringComparison.Ordinal) || name.StartsWith("ln_final", StringComparison.Ordinal)
                ? ": a model without LayerNorm, or with LayerNorm folded into other weights, has another loss landscape. " +
                    "Save it unfolded (fold_ln=False)."
            : name == WeightNames.Position ? ": this model needs a position table; one with other positions is of another architecture."
            : $". Names must be TransformerLens's; the file has: " +
                $"{string.Join(", ", weights.Take(5).Select(w => w.Name))}{(weights.Count > 5 ? ", ..." : "")}."));
}
