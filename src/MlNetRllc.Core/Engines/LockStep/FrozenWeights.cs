using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>Puts a model's weights into the layout the kernels read, once for all walkers.</summary>
internal static unsafe class FrozenWeights
{
    /// <summary>A table of all weights, with transposes; biases that the model lacks are zeros.</summary>
    public static WeightTable Load(WeightSet weights, PaddedSizes sizes, NativeArena arena)
    {
        var table = Allocate(sizes, arena);
        var names = WeightNames.Shapes(sizes.Config).Select(w => w.Name).ToList();
        foreach (var (weight, matrix) in MatricesOf(sizes)) Fill(table, matrix, weights[names[weight]].Values);
        return table;
    }

    /// <summary>The matrices of a model, each with the place of its weight in the order of
    /// <see cref="WeightNames.Shapes"/>.</summary>
    public static IReadOnlyList<(int Weight, Matrix Matrix)> MatricesOf(PaddedSizes sizes) =>
    [
        .. WeightNames.Shapes(sizes.Config).SelectMany((w, i) =>
        {
            var whole = new ParameterSlice(w.Name, 0, w.Shape.Aggregate(1, (n, d) => n * d));
            return WeightTable.Layout(new(w.Name, [whole]), sizes)!.Select(matrix => (i, matrix));
        }),
    ];

    /// <summary>A table of all weights, all zero.</summary>
    public static WeightTable Allocate(PaddedSizes sizes, NativeArena arena)
    {
        var table = new WeightTable(sizes);
        foreach (var (_, matrix) in MatricesOf(sizes))
        {
            var length = (long)matrix.PaddedRows * matrix.Stride;
            table[matrix.Slot, matrix.Layer, matrix.Head] = arena.Floats(length);
            if (WalkerState.TransposeOf(matrix.Slot) is { } transposed)
                table[transposed, matrix.Layer, matrix.Head] = arena.Floats(length);
        }
        FillAbsentBiases(table, sizes, arena);
        return table;
    }

    /// <summary>Copies a matrix of a weight into its place, and its transpose where it has one.</summary>
    public static void Fill(WeightTable table, in Matrix matrix, ReadOnlySpan<float> values)
    {
        WeightTable.Load(matrix, values, table[matrix.Slot, matrix.Layer, matrix.Head]);
        WalkerState.Transpose(table, matrix);
    }

    private static void FillAbsentBiases(WeightTable table, PaddedSizes sizes, NativeArena arena)
    {
        float* zeros = arena.Floats(Math.Max(sizes.LogitStride, Math.Max(sizes.Model, sizes.Head)));
        for (var layer = 0; layer < sizes.Layers; layer++)
        {
            if (table[WeightSlot.OBias, layer] == null) table[WeightSlot.OBias, layer] = zeros;
            for (var head = 0; head < sizes.Heads; head++)
                foreach (var slot in (WeightSlot[])[WeightSlot.QBias, WeightSlot.KBias, WeightSlot.VBias])
                    if (table[slot, layer, head] == null) table[slot, layer, head] = zeros;
        }
        if (table[WeightSlot.UnembedBias] == null) table[WeightSlot.UnembedBias] = zeros;
    }
}
