using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>One head's activations on one sequence, kept from the forward to the backward pass.</summary>
internal unsafe struct HeadActivations
{
    /// <summary>Queries, keys and values, [pos, d_head].</summary>
    public float* Q, K, V;

    /// <summary>Attention pattern, [query, key]; zero above the diagonal in the 16-wide tiles that
    /// are read.</summary>
    public float* Pattern;

    /// <summary>Outputs before W_O, [pos, d_head], rows <see cref="ZStride"/> apart.</summary>
    public float* Z;

    /// <summary>Distance between rows of <see cref="Z"/>.</summary>
    public int ZStride;
}

/// <summary>What a head reads: the sequence's normalised residual stream, with and without
/// positions, [pos, d_model].</summary>
internal readonly unsafe struct HeadInputs(float* queryKey, float* value)
{
    /// <summary>LN(x) + W_pos, read by Q and K.</summary>
    public readonly float* QueryKey = queryKey;

    /// <summary>LN(x), read by V.</summary>
    public readonly float* Value = value;
}

/// <summary>Forward and backward pass of one causal attention head on one sequence, skipping what
/// the causal mask hides.</summary>
/// <remarks>Buffers have <c>PaddedSizes.Pad(count)</c> rows, finite behind the first <c>count</c>.
/// One instance belongs to one thread.</remarks>
internal sealed unsafe class AttentionHead : IDisposable
{
    private static readonly KernelSet Kernels = KernelSet.Used;
    private readonly NativeArena arena = new();
    private readonly PaddedSizes sizes;
    private readonly int longest;
    private readonly float scale;
    private readonly float* transposed, dPattern, dq, dk, dv;

    public AttentionHead(PaddedSizes sizes, int positions)
    {
        (this.sizes, longest) = (sizes, PaddedSizes.Pad(positions));
        scale = 1 / MathF.Sqrt(sizes.Config.HeadWidth);
        transposed = arena.Floats((long)longest * sizes.Head);
        dPattern = arena.Floats((long)longest * longest);
        dq = arena.Floats((long)longest * sizes.Head);
        dk = arena.Floats((long)longest * sizes.Head);
        dv = arena.Floats((long)longest * sizes.Head);
    }

    /// <summary>New activations for this length.</summary>
    public static HeadActivations Allocate(
        NativeArena arena,
        PaddedSizes sizes,
        int positions,
        float* z,
        int zStride)
    {
        var padded = PaddedSizes.Pad(positions);
        return new()
        {
            Q = arena.Floats((long)padded * sizes.Head),
            K = arena.Floats((long)padded * sizes.Head),
            V = arena.Floats((long)padded * sizes.Head),
            Pattern = arena.Floats((long)padded * padded),
            Z = z,
            ZStride = zStride,
        };
    }

    /// <summary>Fills the activations.</summary>
    public void Forward(
        int count,
        in HeadInputs inputs,
        WeightTable weights,
        int layer,
        int head,
        in HeadActivations to)
    {
        var (padded, d_head) = (PaddedSizes.Pad(count), sizes.Head);
        Project(
            padded,
            inputs.QueryKey,
            weights[WeightSlot.Q, layer, head],
            weights[WeightSlot.QBias, layer, head],
            to.Q);
        Project(
            padded,
            inputs.QueryKey,
            weights[WeightSlot.K, layer, head],
            weights[WeightSlot.KBias, layer, head],
            to.K);
        Project(
            padded,
            inputs.Value,
            weights[WeightSlot.V, layer, head],
            weights[WeightSlot.VBias, layer, head],
            to.V);
        KernelSet.Transpose(to.K, d_head, padded, d_head, transposed, padded);
        for (var row = 0; row < padded; row += Gemm.RowTile)
        {
            var width = Math.Min(padded, PaddedSizes.Pad(row + Gemm.RowTile));
            var scores = to.Pattern + (nint)row * padded;
            Gemm.Multiply(
                Gemm.RowTile, width, d_head,
                Factor.Rows(to.Q + (nint)row * d_head, d_head),
                transposed, padded,
                scores, padded);
            for (var i = 0; i < Gemm.RowTile; i++)
                Kernels.Softmax(scores + (nint)i * padded, row + i + 1, width, scale);
            Gemm.Multiply(
                Gemm.RowTile, d_head, row + Gemm.RowTile,
                Factor.Rows(scores, padded),
                to.V, d_head,
                to.Z + (nint)row * to.ZStride, to.ZStride);
        }
    }

    /// <summary>From the gradient of Z to those of the head's weights and, unless null, of its
    /// inputs; all are added to.</summary>
    /// <param name="count">Number of positions.</param>
    /// <param name="inputs">As in the forward pass.</param>
    /// <param name="weights">As in the forward pass.</param>
    /// <param name="layer">Block.</param>
    /// <param name="head">Head.</param>
    /// <param name="from">The forward pass's activations.</param>
    /// <param name="dz">Gradient of Z, [pos, d_head]; zero behind <paramref name="count"/>.</param>
    /// <param name="dzStride">Distance between its rows.</param>
    /// <param name="gradients">Where the weights' gradients go; a null pointer for those not
    /// wanted.</param>
    /// <param name="dQueryKey">Gradient of <see cref="HeadInputs.QueryKey"/>, or null.</param>
    /// <param name="dValue">Gradient of <see cref="HeadInputs.Value"/>, or null; may be the same
    /// buffer.</param>
    public void Backward(int count, in HeadInputs inputs, WeightTable weights, int layer, int head, in HeadActivations from,
        float* dz, int dzStride, WeightTable gradients, float* dQueryKey, float* dValue)
    {
        var (padded, d_head, d_model) = (PaddedSizes.Pad(count), sizes.Head, sizes.Model);
        BackwardPattern(count, padded, from, dz, dzStride);
        for (var key = 0; key < padded; key += Gemm.RowTile)
        {
            var queries = Math.Max(0, count - key); // the queries key .. count - 1 see these keys
            var at = (nint)key * padded + key;
            Gemm.Multiply(
                Gemm.RowTile, d_head, queries,
                Factor.Columns(dPattern + at, padded),
                from.Q + (nint)key * d_head, d_head,
                dk + (nint)key * d_head, d_head);
            Gemm.Multiply(
                Gemm.RowTile, d_head, queries,
                Factor.Columns(from.Pattern + at, padded),
                dz + (nint)key * dzStride, dzStride,
                dv + (nint)key * d_head, d_head);
        }
        AddWeightGradient(
            count,
            inputs.QueryKey,
            dq,
            gradients[WeightSlot.Q, layer, head],
            gradients[WeightSlot.QBias, layer, head]);
        AddWeightGradient(
            count,
            inputs.QueryKey,
            dk,
            gradients[WeightSlot.K, layer, head],
            gradients[WeightSlot.KBias, layer, head]);
        AddWeightGradient(
            count,
            inputs.Value,
            dv,
            gradients[WeightSlot.V, layer, head],
            gradients[WeightSlot.VBias, layer, head]);
        if (dQueryKey != null)
        {
            Gemm.MultiplyAdd(
                padded, d_model, d_head,
                Factor.Rows(dq, d_head),
                weights[WeightSlot.QTransposed, layer, head], d_model,
                dQueryKey, d_model);
            Gemm.MultiplyAdd(
                padded, d_model, d_head,
                Factor.Rows(dk, d_head),
                weights[WeightSlot.KTransposed, layer, head], d_model,
                dQueryKey, d_model);
        }
        if (dValue != null)
            Gemm.MultiplyAdd(
                padded, d_model, d_head,
                Factor.Rows(dv, d_head),
                weights[WeightSlot.VTransposed, layer, head], d_model,
                dValue, d_model);
    }

    /// <summary>Gradients of the scores (into dPattern) and of the queries.</summary>
    private void BackwardPattern(int count, int padded, in HeadActivations from, float* dz, int dzStride)
    {
        var d_head = sizes.Head;
        KernelSet.Transpose(from.V, d_head, padded, d_head, transposed, padded);
        for (var row = 0; row < padded; row += Gemm.RowTile)
        {
            var width = Math.Min(padded, PaddedSizes.Pad(row + Gemm.RowTile));
            var d = dPattern + (nint)row * padded;
            Gemm.Multiply(
                Gemm.RowTile, width, d_head,
                Factor.Rows(dz + (nint)row * dzStride, dzStride),
                transposed, padded,
                d, padded);
            for (var i = 0; i < Gemm.RowTile; i++)
                Kernels.SoftmaxBackward(
                    from.Pattern + (nint)(row + i) * padded, d + (nint)i * padded, width, scale);
            Gemm.Multiply(
                Gemm.RowTile, d_head, Math.Min(row + Gemm.RowTile, count),
                Factor.Rows(d, padded),
                from.K, d_head,
                dq + (nint)row * d_head, d_head);
        }
    }

    private void Project(int rows, float* input, float* weight, float* bias, float* output)
    {
        Gemm.Multiply(
            rows, sizes.Head, sizes.Model,
            Factor.Rows(input, sizes.Model),
            weight, sizes.Head,
            output, sizes.Head);
        for (var row = 0; row < rows; row++)
            Kernels.AddScaled(bias, 1, output + (nint)row * sizes.Head, sizes.Head);
    }

    private void AddWeightGradient(
        int count,
        float* input,
        float* d,
        float* weightGradient,
        float* biasGradient)
    {
        if (weightGradient != null)
            Gemm.MultiplyAdd(
                sizes.Model, sizes.Head, count,
                Factor.Columns(input, sizes.Model),
                d, sizes.Head,
                weightGradient, sizes.Head);
        Gemm.AddRows(count, sizes.Head, d, sizes.Head, biasGradient);
    }

    public void Dispose() => arena.Dispose();
}
