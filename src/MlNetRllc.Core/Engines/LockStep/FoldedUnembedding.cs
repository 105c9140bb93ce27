using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>The final LayerNorm and the unembedding, folded into one <see cref="LogitMap"/>.</summary>
/// <remarks>
/// logits = LN(r) W_U + b_U = s (r C) + (b W_U + b_U), with G = diag(g) W_U and C = G - (its column
/// means over d_model): C takes the mean out of r, so that only the scale s of the LayerNorm is
/// left (method: exact refinement, point 2).
/// </remarks>
internal sealed unsafe class FoldedUnembedding
{
    private static readonly KernelSet Kernels = KernelSet.Used;
    private readonly PaddedSizes sizes;
    private readonly float* map, transposed, bias;

    /// <summary>Buffers for a map, with bfloat16 copies of it (for logits, for gradients) where
    /// they are wanted.</summary>
    public FoldedUnembedding(
        PaddedSizes sizes, NativeArena arena, bool mapPairs = false, bool transposedPairs = false)
    {
        this.sizes = sizes;
        map = arena.Floats((long)sizes.Model * sizes.LogitStride);
        transposed = arena.Floats((long)sizes.Vocabulary * sizes.Model);
        bias = arena.Floats(sizes.LogitStride);
        Map = new()
        {
            Inner = sizes.Model,
            Map = map,
            Stride = sizes.LogitStride,
            Transposed = transposed,
            Bias = bias,
            MapPairs = mapPairs ? arena.Words((long)sizes.Model / 2 * sizes.LogitStride) : null,
            TransposedPairs = transposedPairs ? arena.Words((long)sizes.Vocabulary / 2 * sizes.Model) : null,
        };
    }

    /// <summary>From whole residual streams to logits.</summary>
    public LogitMap Map { get; }

    /// <summary>Folds the weights of a table.</summary>
    public void Build(WeightTable weights)
    {
        var (stride, vocabulary, d_model) = (sizes.LogitStride, sizes.Vocabulary, sizes.Config.ModelWidth);
        float* g = weights[WeightSlot.FinalGain], b = weights[WeightSlot.FinalBias], w = weights[WeightSlot.Unembed];
        var means = new float[stride];
        new Span<float>(weights[WeightSlot.UnembedBias], stride).CopyTo(new Span<float>(bias, stride));
        fixed (float* mean = means)
        {
            for (var d = 0; d < d_model; d++)
            {
                Kernels.AddScaled(w + (nint)d * stride, g[d] / d_model, mean, vocabulary);
                Kernels.AddScaled(w + (nint)d * stride, b[d], bias, vocabulary);
            }
            for (var d = 0; d < d_model; d++)
            {
                var row = map + (nint)d * stride;
                new Span<float>(mean, stride).CopyTo(new Span<float>(row, stride));
                Kernels.Blend(w + (nint)d * stride, g[d], row, -1, vocabulary);
            }
        }
        // A LayerNorm over one value takes all of it away. What a fused multiply-add would leave is rounding, which a small epsilon
        // makes as large as the logits.
        if (d_model == 1) new Span<float>(map, stride).Clear();
        KernelSet.Transpose(map, stride, d_model, vocabulary, transposed, sizes.Model);
        Map.RoundPairs(vocabulary);
        for (var v = 0; v < stride; v++)
            bias[v] = v < sizes.Config.VocabularySize ? bias[v] * KernelSet.Log2E : -1e30f;
    }

    /// <summary>From the gradients of the map and of the bias to those of the weights they were
    /// folded from.</summary>
    /// <param name="weights">The weights that were folded.</param>
    /// <param name="dMap">Gradient of C, [d_model, vocab]; changed.</param>
    /// <param name="dBias">Gradient of the folded bias, [vocab].</param>
    /// <param name="gradients">Receives those wanted; added to.</param>
    public void Backward(WeightTable weights, float* dMap, float* dBias, WeightTable gradients)
    {
        var (stride, vocabulary, d_model) = (sizes.LogitStride, sizes.Vocabulary, sizes.Config.ModelWidth);
        float* g = weights[WeightSlot.FinalGain], b = weights[WeightSlot.FinalBias], w = weights[WeightSlot.Unembed];
        float* dGain = gradients[WeightSlot.FinalGain], dShift = gradients[WeightSlot.FinalBias];
        float* dUnembed = gradients[WeightSlot.Unembed], dOwn = gradients[WeightSlot.UnembedBias];
        fixed (float* mean = new float[stride])
        {
            for (var d = 0; d < d_model; d++)
                Kernels.AddScaled(dMap + (nint)d * stride, 1f / d_model, mean, vocabulary);
            for (var d = 0; d < d_model; d++)
            {
                var row = dMap + (nint)d * stride;
                Kernels.AddScaled(mean, -1, row, vocabulary); // now the gradient of G
                if (dGain != null) dGain[d] += Kernels.Dot(row, w + (nint)d * stride, vocabulary);
                if (dShift != null) dShift[d] += Kernels.Dot(dBias, w + (nint)d * stride, vocabulary);
                if (dUnembed == null) continue;
                Kernels.AddScaled(row, g[d], dUnembed + (nint)d * stride, vocabulary);
                Kernels.AddScaled(dBias, b[d], dUnembed + (nint)d * stride, vocabulary);
            }
        }
        if (dOwn != null) Kernels.AddScaled(dBias, 1, dOwn, vocabulary);
    }
}
