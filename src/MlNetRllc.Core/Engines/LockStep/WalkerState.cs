using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>One walker's own weights, in the layout the kernels read, and its gradients; nothing
/// frozen is copied.</summary>
internal sealed unsafe class WalkerState : IDisposable
{
    private readonly NativeArena arena = new();
    private readonly PaddedSizes sizes;
    private readonly ComponentPlan plan;
    private readonly WeightTable frozen;
    private readonly List<(Matrix Matrix, nint Value, nint Gradient)> own = [];
    private readonly float* lowRank, lowRankTransposed, dBias;

    public WalkerState(ComponentPlan plan, PaddedSizes sizes, WeightTable frozen, in LogitMap frozenMap)
    {
        (this.plan, this.sizes, this.frozen) = (plan, sizes, frozen);
        Weights = frozen.Overlaid(2 * plan.Matrices.Count);
        Gradients = frozen.Emptied(plan.Matrices.Count);
        foreach (var matrix in plan.Matrices)
        {
            var length = (long)matrix.PaddedRows * matrix.Stride;
            float* value = arena.Floats(length), gradient = arena.Floats(length);
            own.Add((matrix, (nint)value, (nint)gradient));
            Weights[matrix.Slot, matrix.Layer, matrix.Head] = value;
            Gradients[matrix.Slot, matrix.Layer, matrix.Head] = gradient;
            if (TransposeOf(matrix.Slot) is { } slot)
                Weights[slot, matrix.Layer, matrix.Head] = arena.Floats(length);
        }
        Map = frozenMap;
        if (plan.LowRank)
        {
            var inner = plan.Heads.Count * sizes.Head;
            lowRank = arena.Floats((long)inner * sizes.LogitStride);
            lowRankTransposed = arena.Floats((long)sizes.Vocabulary * inner);
            MapGradient = arena.Floats((long)inner * sizes.LogitStride);
            Map = frozenMap with
            {
                Inner = inner,
                Map = lowRank,
                Transposed = lowRankTransposed,
                MapPairs = frozenMap.MapPairs == null ? null : arena.Words((long)inner / 2 * sizes.LogitStride),
                TransposedPairs = frozenMap.MapPairs == null ? null : arena.Words((long)sizes.Vocabulary / 2 * inner),
            };
        }
        if (!plan.Unembedding) return;
        // The walker's own map has no frozen logits to be a small
        // correction of, so its logits stay in float32.
        Unembedding = new(sizes, arena, mapPairs: false, transposedPairs: frozenMap.TransposedPairs != null);
        Map = Unembedding.Map;
        MapGradient = arena.Floats((long)sizes.Model * sizes.LogitStride);
        dBias = arena.Floats(sizes.LogitStride);
    }

    /// <summary>The frozen weights, overlaid with the walker's own.</summary>
    public WeightTable Weights { get; }

    /// <summary>Gradients of the walker's own weights; null elsewhere.</summary>
    public WeightTable Gradients { get; }

    /// <summary>How the walker's rows become logits.</summary>
    public LogitMap Map { get; }

    /// <summary>Gradient of <see cref="Map"/>; null when it is frozen.</summary>
    public float* MapGradient { get; }

    /// <summary>Where a pass stands.</summary>
    public PassWeights At => new(Weights, Gradients, Map, MapGradient, dBias);

    /// <summary>Loss summed over the minibatch's positions.</summary>
    public double Loss { get; set; }

    private FoldedUnembedding? Unembedding { get; }

    /// <summary>Takes over a position and clears the gradients.</summary>
    public void Begin(ReadOnlySpan<float> position, in LogitMap frozenMap)
    {
        Loss = 0;
        foreach (var (matrix, value, gradient) in own)
        {
            WeightTable.Load(matrix, position, (float*)value);
            new Span<float>((float*)gradient, matrix.PaddedRows * matrix.Stride).Clear();
            Transpose(Weights, matrix);
        }
        if (plan.LowRank)
        {
            for (var i = 0; i < plan.Heads.Count; i++)
                Gemm.Multiply(
                    sizes.Head, sizes.Vocabulary, sizes.Model,
                    Factor.Rows(Weights[WeightSlot.O, plan.FirstLayer, plan.Heads[i]], sizes.Model),
                    frozenMap.Map, frozenMap.Stride,
                    lowRank + (nint)i * sizes.Head * Map.Stride, Map.Stride);
            KernelSet.Transpose(
                lowRank, Map.Stride, Map.Inner, sizes.Vocabulary, lowRankTransposed, Map.Inner);
            Map.RoundPairs(sizes.Vocabulary);
        }
        Unembedding?.Build(Weights);
        if (MapGradient != null) new Span<float>(MapGradient, Map.Inner * Map.Stride).Clear();
        if (dBias != null) new Span<float>(dBias, sizes.LogitStride).Clear();
    }

    /// <summary>Finishes the gradients and copies them out.</summary>
    public void End(Span<float> gradient, in LogitMap frozenMap)
    {
        if (plan.LowRank) // logits = ... + z (W_O C): dW_O = d(W_O C) C^T
            for (var i = 0; i < plan.Heads.Count; i++)
                Gemm.MultiplyAdd(
                    sizes.Head, sizes.Model, sizes.Vocabulary,
                    Factor.Rows(MapGradient + (nint)i * sizes.Head * Map.Stride, Map.Stride),
                    frozenMap.Transposed, sizes.Model,
                    Gradients[WeightSlot.O, plan.FirstLayer, plan.Heads[i]], sizes.Model);
        Unembedding?.Backward(Weights, MapGradient, dBias, Gradients);
        foreach (var (matrix, _, source) in own) WeightTable.Store(matrix, (float*)source, gradient);
    }

    /// <summary>Brings a matrix's transposed copy up to date, where its slot has one.</summary>
    public static void Transpose(WeightTable weights, in Matrix matrix)
    {
        if (TransposeOf(matrix.Slot) is not { } transposed) return;
        KernelSet.Transpose(
            weights[matrix.Slot, matrix.Layer, matrix.Head], matrix.Stride,
            matrix.PaddedRows, matrix.Stride,
            weights[transposed, matrix.Layer, matrix.Head], matrix.PaddedRows);
    }

    public static WeightSlot? TransposeOf(WeightSlot slot) => slot switch
    {
        WeightSlot.Q => WeightSlot.QTransposed,
        WeightSlot.K => WeightSlot.KTransposed,
        WeightSlot.V => WeightSlot.VTransposed,
        WeightSlot.O => WeightSlot.OTransposed,
        WeightSlot.MlpIn => WeightSlot.MlpInTransposed,
        WeightSlot.MlpOut => WeightSlot.MlpOutTransposed,
        _ => null,
    };

    public void Dispose() => arena.Dispose();
}
