using System.Globalization;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>What a weight is for; heads have their own Q, K, V and O.</summary>
internal enum Slot
{
    Embed, Position, Gain, Bias, Q, K, V, O, QBias, KBias, VBias, OBias, FinalGain, FinalBias, Unembed, UnembedBias,

    /// <summary>Transposes of a head's weights, for the backward pass: [d_head, d_model], and [d_model, d_head] for O.</summary>
    QTransposed, KTransposed, VTransposed, OTransposed,
}

/// <summary>Sizes of a model's buffers, padded to whole vectors.</summary>
internal sealed class Sizes(TransformerConfig config)
{
    public TransformerConfig Config { get; } = config;
    public int Layers { get; } = config.Layers;
    public int Heads { get; } = config.Heads;

    /// <summary>d_model, padded.</summary>
    public int Model { get; } = Pad(config.ModelWidth);

    /// <summary>d_head, padded.</summary>
    public int Head { get; } = Pad(config.HeadWidth);

    /// <summary>vocab, padded.</summary>
    public int Vocabulary { get; } = Pad(config.VocabularySize);

    /// <summary>Distance between rows of logits: odd in cache lines, so that rows do not fall on the same cache sets.</summary>
    public int LogitStride { get; } = Pad(config.VocabularySize) / 16 % 2 == 0 ? Pad(config.VocabularySize) + 16 : Pad(config.VocabularySize);

    /// <summary>The next multiple of 16.</summary>
    public static int Pad(int width) => (width + 15) / 16 * 16;
}

/// <summary>One matrix of a component: which weight it is and where its values stand in the sampled vector.</summary>
/// <param name="Slot">What it is for.</param>
/// <param name="Layer">Block, or 0.</param>
/// <param name="Head">Head, or 0.</param>
/// <param name="Offset">First value in the sampled vector.</param>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
/// <param name="Stride">Distance between its rows in a padded buffer.</param>
/// <param name="PaddedRows">Rows of the padded buffer.</param>
internal readonly record struct Matrix(Slot Slot, int Layer, int Head, int Offset, int Rows, int Columns, int Stride, int PaddedRows);

/// <summary>Pointers to a model's weights (or gradients), a padded matrix each; null where there is none.</summary>
internal sealed unsafe class WeightTable
{
    private readonly nint[] pointers;
    private readonly int layers, heads;

    public WeightTable(Sizes sizes)
    {
        (layers, heads) = (sizes.Layers, sizes.Heads);
        pointers = new nint[((int)Slot.OTransposed + 1) * layers * heads];
    }

    private WeightTable(WeightTable other) => (pointers, layers, heads) = ((nint[])other.pointers.Clone(), other.layers, other.heads);

    public float* this[Slot slot, int layer = 0, int head = 0]
    {
        get => (float*)pointers[((int)slot * layers + layer) * heads + head];
        set => pointers[((int)slot * layers + layer) * heads + head] = (nint)value;
    }

    /// <summary>A table with the same pointers, to be overlaid with a walker's own matrices.</summary>
    public WeightTable Clone() => new(this);

    /// <summary>The matrices a component consists of, in the order of its sampled vector; null where a slice cuts through a matrix.</summary>
    public static IReadOnlyList<Matrix>? Layout(Component component, Sizes sizes)
    {
        var matrices = new List<Matrix>();
        var offset = 0;
        foreach (var slice in component.Slices)
        {
            var (slot, layer, rows, columns, perHead) = Describe(slice.Weight, sizes.Config);
            var size = rows * columns;
            if (slice.Start % size != 0 || slice.Length % size != 0) return null;
            for (var part = slice.Start / size; part < (slice.Start + slice.Length) / size; part++, offset += size)
                matrices.Add(new(slot, layer, perHead ? part : 0, offset, rows, columns, StrideOf(slot, sizes), rows == 1 ? 1 : Sizes.Pad(rows)));
        }
        return matrices;
    }

    private static int StrideOf(Slot slot, Sizes sizes) => slot switch
    {
        Slot.Q or Slot.K or Slot.V or Slot.QBias or Slot.KBias or Slot.VBias => sizes.Head,
        Slot.Unembed or Slot.UnembedBias => sizes.LogitStride,
        _ => sizes.Model,
    };

    private static (Slot Slot, int Layer, int Rows, int Columns, bool PerHead) Describe(string name, TransformerConfig config)
    {
        var (d_model, d_head) = (config.ModelWidth, config.HeadWidth);
        switch (name)
        {
            case WeightNames.Embed: return (Slot.Embed, 0, config.VocabularySize, d_model, false);
            case WeightNames.Position: return (Slot.Position, 0, config.ContextLength, d_model, false);
            case WeightNames.FinalGain: return (Slot.FinalGain, 0, 1, d_model, false);
            case WeightNames.FinalBias: return (Slot.FinalBias, 0, 1, d_model, false);
            case WeightNames.Unembed: return (Slot.Unembed, 0, d_model, config.VocabularySize, false);
            case WeightNames.UnembedBias: return (Slot.UnembedBias, 0, 1, config.VocabularySize, false);
        }
        var parts = name.Split('.');
        var layer = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return (parts[2], parts[3]) switch
        {
            ("ln1", "w") => (Slot.Gain, layer, 1, d_model, false),
            ("ln1", "b") => (Slot.Bias, layer, 1, d_model, false),
            ("attn", "W_Q") => (Slot.Q, layer, d_model, d_head, true),
            ("attn", "W_K") => (Slot.K, layer, d_model, d_head, true),
            ("attn", "W_V") => (Slot.V, layer, d_model, d_head, true),
            ("attn", "W_O") => (Slot.O, layer, d_head, d_model, true),
            ("attn", "b_Q") => (Slot.QBias, layer, 1, d_head, true),
            ("attn", "b_K") => (Slot.KBias, layer, 1, d_head, true),
            ("attn", "b_V") => (Slot.VBias, layer, 1, d_head, true),
            ("attn", "b_O") => (Slot.OBias, layer, 1, d_model, false),
            _ => throw new ArgumentException($"The lock-step engine does not know the weight {name}."),
        };
    }

    /// <summary>Copies a matrix out of a sampled vector into its padded buffer.</summary>
    public static void Load(in Matrix matrix, ReadOnlySpan<float> values, float* buffer)
    {
        for (var row = 0; row < matrix.Rows; row++)
            values.Slice(matrix.Offset + row * matrix.Columns, matrix.Columns).CopyTo(new Span<float>(buffer + (nint)row * matrix.Stride, matrix.Columns));
    }

    /// <summary>Copies a padded buffer back into a sampled vector.</summary>
    public static void Store(in Matrix matrix, float* buffer, Span<float> values)
    {
        for (var row = 0; row < matrix.Rows; row++)
            new ReadOnlySpan<float>(buffer + (nint)row * matrix.Stride, matrix.Columns).CopyTo(values[(matrix.Offset + row * matrix.Columns)..]);
    }
}
