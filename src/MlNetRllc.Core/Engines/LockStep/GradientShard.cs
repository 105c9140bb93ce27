using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>What a share of a minibatch adds to the gradient of all weights: one block of memory, so that shards are summed
/// without a look at what is where.</summary>
internal sealed unsafe class GradientShard : IDisposable
{
    private readonly NativeArena arena = new();
    private readonly float* all;

    public GradientShard(ModelBuffers model, PaddedSizes sizes)
    {
        var matrices = model.Matrices.Where(m => !IsFolded(m.Slot)).ToList();
        var mapLength = (long)sizes.Model * sizes.LogitStride;
        Length = matrices.Sum(m => (long)m.PaddedRows * m.Stride) + mapLength + sizes.LogitStride;
        all = arena.Floats(Length);
        Gradients = model.Weights.Emptied(matrices.Count);
        var at = all;
        foreach (var matrix in matrices)
        {
            Gradients[matrix.Slot, matrix.Layer, matrix.Head] = at;
            at += (long)matrix.PaddedRows * matrix.Stride;
        }
        Map = at;
        Bias = at + mapLength;
    }

    /// <summary>Numbers in the block.</summary>
    public long Length { get; }

    /// <summary>Gradients of all weights but those that are folded into the map.</summary>
    public WeightTable Gradients { get; }

    /// <summary>Gradient of the folded map, [d_model, vocab].</summary>
    public float* Map { get; }

    /// <summary>Gradient of the folded bias, [vocab].</summary>
    public float* Bias { get; }

    /// <summary>Sum of the losses of the shard's positions, in nats.</summary>
    public double Loss { get; set; }

    /// <summary>Whether a weight's gradient comes from that of the folded map.</summary>
    public static bool IsFolded(WeightSlot slot) => slot
        is WeightSlot.FinalGain or WeightSlot.FinalBias or WeightSlot.Unembed or WeightSlot.UnembedBias;

    /// <summary>Starts anew.</summary>
    public void Clear()
    {
        Loss = 0;
        NativeArena.Clear(all, Length);
    }

    /// <summary>Adds a part of another shard's block.</summary>
    public void Add(GradientShard other, long start, int length) =>
        KernelSet.Used.AddScaled(other.all + start, 1, all + start, length);

    public void Dispose() => arena.Dispose();
}
