using System.Globalization;
using System.Runtime.InteropServices;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>What a weight is for; heads have their own Q, K, V and O.</summary>
internal enum WeightSlot
{
    Embed, Position,

    /// <summary>A block's attention, with its LayerNorm.</summary>
    Gain, Bias, Q, K, V, O, QBias, KBias, VBias, OBias,

    /// <summary>A block's MLP, with its LayerNorm.</summary>
    MlpGain, MlpBias, MlpIn, MlpInBias, MlpOut, MlpOutBias,

    FinalGain, FinalBias, Unembed, UnembedBias,

    /// <summary>Transposes for the backward pass: of a head's weights [d_head, d_model] ([d_model, d_head] for
    /// O), of W_in [d_mlp, d_model] and of W_out [d_model, d_mlp].</summary>
    QTransposed, KTransposed, VTransposed, OTransposed, MlpInTransposed, MlpOutTransposed,
}

/// <summary>Sizes of a model's buffers, padded to whole vectors.</summary>
internal sealed class PaddedSizes(TransformerConfig config)
{
    public TransformerConfig Config { get; } = config;
    public int Layers { get; } = config.Layers;
    public int Heads { get; } = config.Heads;

    /// <summary>d_model, padded.</summary>
    public int Model { get; } = Pad(config.ModelWidth);

    /// <summary>d_head, padded.</summary>
    public int Head { get; } = Pad(config.HeadWidth);

    /// <summary>d_mlp, padded; 0 without an MLP.</summary>
    public int Mlp { get; } = Pad(config.MlpWidth);

    /// <summary>vocab, padded.</summary>
    public int Vocabulary { get; } = Pad(config.VocabularySize);

    /// <summary>Distance between rows of logits: odd in cache lines, so that rows do not fall on
    /// the same cache sets.</summary>
    public int LogitStride { get; } =
        Pad(config.VocabularySize) + (Pad(config.VocabularySize) / 16 % 2 == 0 ? 16 : 0);

    /// <summary>The next multiple of 16.</summary>
    public static int Pad(int width) => (width + 15) / 16 * 16;
}

/// <summary>One matrix of a component: which weight it is and where its values stand in the sampled
/// vector.</summary>
/// <param name="Slot">What it is for.</param>
/// <param name="Layer">Block, or 0.</param>
/// <param name="Head">Head, or 0.</param>
/// <param name="Offset">First value in the sampled vector.</param>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
/// <param name="Stride">Distance between its rows in a padded buffer.</param>
/// <param name="PaddedRows">Rows of the padded buffer.</param>
internal readonly record struct Matrix(
    WeightSlot Slot,
    int Layer,
    int Head,
    int Offset,
    int Rows,
    int Columns,
    int Stride,
    int PaddedRows);

/// <summary>What a weight's name says of it.</summary>
/// <param name="Slot">What it is for.</param>
/// <param name="Layer">Block, or 0.</param>
/// <param name="Rows">Rows of one matrix.</param>
/// <param name="Columns">Columns of one matrix.</param>
/// <param name="PerHead">Whether there is a matrix for each head.</param>
internal readonly record struct NamedWeight(WeightSlot Slot, int Layer, int Rows, int Columns, bool PerHead = false);

/// <summary>Pointers to a model's weights (or gradients), a padded matrix each; null where there is
/// none.</summary>
internal sealed unsafe class WeightTable
{
    /// <summary>Matrices up to which a table holds those alone and looks among them; a walker of
    /// one head has eight.</summary>
    private const int Few = 64;

    private readonly nint[]? pointers;
    private readonly WeightTable? below;
    private readonly List<int> places = [];
    private readonly List<nint> few = [];
    private readonly int layers, heads;

    /// <summary>A table with a place for every matrix, all null.</summary>
    public WeightTable(PaddedSizes sizes)
    {
        (layers, heads) = (sizes.Layers, sizes.Heads);
        pointers = new nint[((int)WeightSlot.MlpOutTransposed + 1) * layers * heads];
    }

    private WeightTable(WeightTable of, WeightTable? below, int matrices)
    {
        (layers, heads, this.below) = (of.layers, of.heads, below);
        if (matrices > Few)
            pointers = below is null ? new nint[of.pointers!.Length] : (nint[])of.pointers!.Clone();
    }

    /// <summary>Bytes of pointers that the table holds of its own.</summary>
    public long OwnBytes =>
        pointers is { } all ? all.LongLength * sizeof(nint) : few.Count * (long)(sizeof(nint) + sizeof(int));

    public float* this[WeightSlot slot, int layer = 0, int head = 0]
    {
        get
        {
            var place = ((int)slot * layers + layer) * heads + head;
            if (pointers is { } all) return (float*)all[place];
            var own = CollectionsMarshal.AsSpan(places).IndexOf(place);
            return (float*)(own >= 0 ? few[own] : below is null ? 0 : below.pointers![place]);
        }

        set
        {
            var place = ((int)slot * layers + layer) * heads + head;
            if (pointers is { } all)
            {
                all[place] = (nint)value;
                return;
            }
            places.Add(place);
            few.Add((nint)value);
        }
    }

    /// <summary>A table that shows these pointers, to be overlaid with a walker's own matrices: it
    /// holds no more than those, unless they are many.</summary>
    /// <param name="matrices">About how many will be set.</param>
    public WeightTable Overlaid(int matrices) => new(this, below: this, matrices);

    /// <summary>A table of the same places, all null.</summary>
    /// <inheritdoc cref="Overlaid"/>
    public WeightTable Emptied(int matrices) => new(this, below: null, matrices);

    /// <summary>The matrices a component consists of, in the order of its sampled vector; null
    /// where a slice cuts through a matrix.</summary>
    public static IReadOnlyList<Matrix>? Layout(Component component, PaddedSizes sizes)
    {
        var matrices = new List<Matrix>();
        var offset = 0;
        foreach (var slice in component.Slices)
        {
            var (slot, layer, rows, columns, perHead) = Describe(slice.Weight, sizes.Config);
            var size = rows * columns;
            if (slice.Start % size != 0 || slice.Length % size != 0) return null;
            for (var part = slice.Start / size; part < (slice.Start + slice.Length) / size; part++, offset += size)
            {
                var paddedRows = IsVector(slot) ? 1 : PaddedSizes.Pad(rows);
                var head = perHead ? part : 0;
                matrices.Add(new(slot, layer, head, offset, rows, columns, StrideOf(slot, sizes), paddedRows));
            }
        }
        return matrices;
    }

    // By what it is, not by its rows: a matrix of a head of width 1 has one row as well, of which
    // kernels read 16.
    private static bool IsVector(WeightSlot slot) => slot
        is WeightSlot.Gain or WeightSlot.Bias
        or WeightSlot.QBias or WeightSlot.KBias or WeightSlot.VBias or WeightSlot.OBias
        or WeightSlot.MlpGain or WeightSlot.MlpBias or WeightSlot.MlpInBias or WeightSlot.MlpOutBias
        or WeightSlot.FinalGain or WeightSlot.FinalBias or WeightSlot.UnembedBias;

    private static int StrideOf(WeightSlot slot, PaddedSizes sizes) => slot switch
    {
        WeightSlot.Q or WeightSlot.K or WeightSlot.V or WeightSlot.QBias or WeightSlot.KBias or WeightSlot.VBias => sizes.Head,
        WeightSlot.MlpIn or WeightSlot.MlpInBias => sizes.Mlp,
        WeightSlot.Unembed or WeightSlot.UnembedBias => sizes.LogitStride,
        _ => sizes.Model,
    };

    private static NamedWeight Describe(string name, TransformerConfig config)
    {
        var (d_model, d_head, d_mlp) = (config.ModelWidth, config.HeadWidth, config.MlpWidth);
        switch (name)
        {
            case WeightNames.Embed: return new(WeightSlot.Embed, 0, config.VocabularySize, d_model);
            case WeightNames.Position: return new(WeightSlot.Position, 0, config.ContextLength, d_model);
            case WeightNames.FinalGain: return new(WeightSlot.FinalGain, 0, 1, d_model);
            case WeightNames.FinalBias: return new(WeightSlot.FinalBias, 0, 1, d_model);
            case WeightNames.Unembed: return new(WeightSlot.Unembed, 0, d_model, config.VocabularySize);
            case WeightNames.UnembedBias: return new(WeightSlot.UnembedBias, 0, 1, config.VocabularySize);
        }
        var parts = name.Split('.');
        var layer = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return (parts[2], parts[3]) switch
        {
            ("ln1", "w") => new(WeightSlot.Gain, layer, 1, d_model),
            ("ln1", "b") => new(WeightSlot.Bias, layer, 1, d_model),
            ("attn", "W_Q") => new(WeightSlot.Q, layer, d_model, d_head, PerHead: true),
            ("attn", "W_K") => new(WeightSlot.K, layer, d_model, d_head, PerHead: true),
            ("attn", "W_V") => new(WeightSlot.V, layer, d_model, d_head, PerHead: true),
            ("attn", "W_O") => new(WeightSlot.O, layer, d_head, d_model, PerHead: true),
            ("attn", "b_Q") => new(WeightSlot.QBias, layer, 1, d_head, PerHead: true),
            ("attn", "b_K") => new(WeightSlot.KBias, layer, 1, d_head, PerHead: true),
            ("attn", "b_V") => new(WeightSlot.VBias, layer, 1, d_head, PerHead: true),
            ("attn", "b_O") => new(WeightSlot.OBias, layer, 1, d_model),
            ("ln2", "w") => new(WeightSlot.MlpGain, layer, 1, d_model),
            ("ln2", "b") => new(WeightSlot.MlpBias, layer, 1, d_model),
            ("mlp", "W_in") => new(WeightSlot.MlpIn, layer, d_model, d_mlp),
            ("mlp", "b_in") => new(WeightSlot.MlpInBias, layer, 1, d_mlp),
            ("mlp", "W_out") => new(WeightSlot.MlpOut, layer, d_mlp, d_model),
            ("mlp", "b_out") => new(WeightSlot.MlpOutBias, layer, 1, d_model),
            _ => throw new ArgumentException($"The lock-step engine does not know the weight {name}."),
        };
    }

    /// <summary>Copies a matrix out of a sampled vector into its padded buffer.</summary>
    public static void Load(in Matrix matrix, ReadOnlySpan<float> values, float* buffer)
    {
        for (var row = 0; row < matrix.Rows; row++)
            values.Slice(matrix.Offset + row * matrix.Columns, matrix.Columns)
                .CopyTo(new Span<float>(buffer + (nint)row * matrix.Stride, matrix.Columns));
    }

    /// <summary>Copies a padded buffer back into a sampled vector.</summary>
    public static void Store(in Matrix matrix, float* buffer, Span<float> values)
    {
        for (var row = 0; row < matrix.Rows; row++)
            new ReadOnlySpan<float>(buffer + (nint)row * matrix.Stride, matrix.Columns)
                .CopyTo(values[(matrix.Offset + row * matrix.Columns)..]);
    }
}
