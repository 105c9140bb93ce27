using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>Forward and backward pass of a layer's MLP on one sequence:
/// <c>x + GELU(LN(x) W_in + b_in) W_out + b_out</c>.</summary>
/// <remarks>
/// The hidden width is passed in strips, whose part of W_in and W_out stays in the second-level cache
/// while the rows pass by; a sum over it is the same in strips as in one. Kept from the forward to the
/// backward pass are LN(x) and the inputs of GELU; GELU itself is computed again. One instance belongs to
/// one thread.
/// </remarks>
internal sealed unsafe class MlpBlock : IDisposable
{
    private const int Strip = 256;

    private static readonly KernelSet Kernels = KernelSet.Used;
    private readonly NativeArena arena = new();
    private readonly PaddedSizes sizes;
    private readonly int padded;
    private readonly nint[] norm, hidden; // of each layer: LN(x), [pos, d_model], and LN(x) W_in + b_in, [pos, d_mlp]
    private readonly LayerNorms norms;
    private readonly float* activated, dHidden, dNorm; // [pos, strip], [pos, strip] and [pos, d_model]

    public MlpBlock(PaddedSizes sizes, int positions)
    {
        (this.sizes, padded) = (sizes, PaddedSizes.Pad(positions));
        norm = [.. Enumerable.Range(0, sizes.Layers).Select(_ => (nint)Rows(sizes.Model))];
        hidden = [.. Enumerable.Range(0, sizes.Layers).Select(_ => (nint)Rows(sizes.Mlp))];
        norms = new(sizes, padded, sizes.Layers, arena);
        activated = Rows(Strip);
        dHidden = Rows(Strip);
        dNorm = Rows(sizes.Model);
    }

    /// <summary>The residual stream after the MLP.</summary>
    /// <param name="x">The residual stream before it, [pos, d_model].</param>
    /// <param name="weights">The weights.</param>
    /// <param name="layer">Block.</param>
    /// <param name="to">Receives it, [pos, d_model]; another buffer than <paramref name="x"/>.</param>
    public void Forward(float* x, WeightTable weights, int layer, float* to)
    {
        norms.Forward(layer, x, weights[WeightSlot.MlpGain, layer], weights[WeightSlot.MlpBias, layer], (float*)norm[layer]);
        new Span<float>(x, padded * sizes.Model).CopyTo(new Span<float>(to, padded * sizes.Model));
        for (var row = 0; row < padded; row++)
            Kernels.AddScaled(weights[WeightSlot.MlpOutBias, layer], 1, to + (nint)row * sizes.Model, sizes.Model);
        for (var start = 0; start < sizes.Mlp; start += Strip)
        {
            var width = Width(start);
            var strip = (float*)hidden[layer] + start;
            Gemm.Multiply(
                padded, width, sizes.Model,
                Factor.Rows((float*)norm[layer], sizes.Model),
                weights[WeightSlot.MlpIn, layer] + start, sizes.Mlp,
                weights[WeightSlot.MlpInBias, layer] + start, 0, // the bias is where every row's sums begin
                strip, sizes.Mlp);
            Activate(strip, width);
            Gemm.MultiplyAdd(
                padded, sizes.Model, width,
                Factor.Rows(activated, Strip),
                weights[WeightSlot.MlpOut, layer] + (nint)start * sizes.Model, sizes.Model,
                to, sizes.Model);
        }
    }

    /// <summary>From the gradient of the residual stream after the MLP to those of its weights and,
    /// where it is wanted, of the stream before it.</summary>
    /// <param name="count">Number of positions.</param>
    /// <param name="x">As in the forward pass.</param>
    /// <param name="weights">As in the forward pass.</param>
    /// <param name="gradients">Where the weights' gradients go; a null pointer for those not wanted.</param>
    /// <param name="layer">Block.</param>
    /// <param name="dResidual">Gradient of the stream after the MLP, and then of the stream before it,
    /// [pos, d_model]; zero behind <paramref name="count"/>.</param>
    /// <param name="toInput">Whether that of the stream before it is wanted.</param>
    public void Backward(
        int count, float* x, WeightTable weights, WeightTable gradients, int layer, float* dResidual, bool toInput)
    {
        toInput |= gradients[WeightSlot.MlpGain, layer] != null || gradients[WeightSlot.MlpBias, layer] != null;
        Gemm.AddRows(count, sizes.Model, dResidual, sizes.Model, gradients[WeightSlot.MlpOutBias, layer]);
        if (toInput) new Span<float>(dNorm, padded * sizes.Model).Clear();
        for (var start = 0; start < sizes.Mlp; start += Strip)
        {
            BackwardHidden(count, weights, gradients, layer, dResidual, start);
            if (toInput)
                Gemm.MultiplyAdd(
                    padded, sizes.Model, Width(start),
                    Factor.Rows(dHidden, Strip),
                    weights[WeightSlot.MlpInTransposed, layer] + (nint)start * sizes.Model, sizes.Model,
                    dNorm, sizes.Model);
        }
        if (!toInput) return;
        norms.Backward(
            layer, count, x, weights[WeightSlot.MlpGain, layer],
            dNorm, dResidual,
            gradients[WeightSlot.MlpGain, layer], gradients[WeightSlot.MlpBias, layer]);
    }

    /// <summary>Gradients of a strip of GELU's inputs (into dHidden), and of the weights beside it.</summary>
    private void BackwardHidden(
        int count, WeightTable weights, WeightTable gradients, int layer, float* dResidual, int start)
    {
        var width = Width(start);
        var strip = (float*)hidden[layer] + start;
        Gemm.Multiply(
            padded, width, sizes.Model,
            Factor.Rows(dResidual, sizes.Model),
            weights[WeightSlot.MlpOutTransposed, layer] + start, sizes.Mlp,
            dHidden, Strip);
        if (gradients[WeightSlot.MlpOut, layer] != null)
        {
            Activate(strip, width);
            Gemm.MultiplyAdd(
                width, sizes.Model, count,
                Factor.Columns(activated, Strip),
                dResidual, sizes.Model,
                gradients[WeightSlot.MlpOut, layer] + (nint)start * sizes.Model, sizes.Model);
        }
        for (var row = 0; row < padded; row++)
            Kernels.GeluBackward(strip + (nint)row * sizes.Mlp, dHidden + (nint)row * Strip, width);
        if (gradients[WeightSlot.MlpIn, layer] != null)
            Gemm.MultiplyAdd(
                sizes.Model, width, count,
                Factor.Columns((float*)norm[layer], sizes.Model),
                dHidden, Strip,
                gradients[WeightSlot.MlpIn, layer] + start, sizes.Mlp);
        if (gradients[WeightSlot.MlpInBias, layer] != null)
            Gemm.AddRows(count, width, dHidden, Strip, gradients[WeightSlot.MlpInBias, layer] + start);
    }

    /// <summary>GELU of a strip, into activated.</summary>
    private void Activate(float* strip, int width)
    {
        for (var row = 0; row < padded; row++)
            Kernels.Gelu(strip + (nint)row * sizes.Mlp, activated + (nint)row * Strip, width);
    }

    private int Width(int start) => Math.Min(Strip, sizes.Mlp - start);

    private float* Rows(int width) => arena.Floats((long)padded * width);

    public void Dispose() => arena.Dispose();
}
