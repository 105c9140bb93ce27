using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>Puts a model's weights into the layout the kernels read, once for all walkers.</summary>
internal static unsafe class FrozenWeights
{
    /// <summary>A table of all weights, with transposes; biases that the model lacks are zeros.</summary>
    public static WeightTable Load(WeightSet weights, PaddedSizes sizes, NativeArena arena)
    {
        var table = new WeightTable(sizes);
        ParameterSlice All(string name, int[] shape) => new(name, 0, shape.Aggregate(1, (n, d) => n * d));
        var whole = new Component(
            "full", [.. WeightNames.Shapes(sizes.Config).Select(w => All(w.Name, w.Shape))]);
        var names = whole.Slices.Select(s => s.Weight).ToList();
        foreach (var name in names)
        {
            var values = weights[name].Values;
            foreach (var matrix in WeightTable.Layout(new(name, [new(name, 0, values.Length)]), sizes)!)
            {
                var buffer = arena.Floats((long)matrix.PaddedRows * matrix.Stride);
                WeightTable.Load(matrix, values, buffer);
                table[matrix.Slot, matrix.Layer, matrix.Head] = buffer;
                if (WalkerState.TransposeOf(matrix.Slot) is not { } transposed) continue;
                table[transposed, matrix.Layer, matrix.Head] = arena.Floats((long)matrix.PaddedRows * matrix.Stride);
                WalkerState.Transpose(table, matrix);
            }
        }
        FillAbsentBiases(table, sizes, arena);
        return table;
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
