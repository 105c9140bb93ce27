using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>LayerNorms over the rows of one sequence, a layer each; their moments are kept from the forward to the backward
/// pass.</summary>
internal sealed unsafe class LayerNorms(PaddedSizes sizes, int padded, int layers, NativeArena arena)
{
    private static readonly KernelSet Kernels = KernelSet.Used;
    private readonly float* means = arena.Floats((long)layers * padded), inverses = arena.Floats((long)layers * padded);

    /// <summary>Mean of each row, [pos].</summary>
    public float* Means(int layer) => means + (nint)layer * padded;

    /// <summary>1 / sqrt(variance + epsilon) of each row, [pos].</summary>
    public float* Inverses(int layer) => inverses + (nint)layer * padded;

    /// <summary>Measures the rows, and no more.</summary>
    /// <param name="layer">Whose means are kept.</param>
    /// <param name="x">[pos, d_model].</param>
    /// <param name="scales">Receives 1 / sqrt(variance + epsilon) of each row, [pos].</param>
    public void Measure(int layer, float* x, float* scales)
    {
        for (var row = 0; row < padded; row++)
            (Means(layer)[row], scales[row]) = Kernels.Moments(
                x + (nint)row * sizes.Model,
                sizes.Config.ModelWidth,
                sizes.Model,
                (float)sizes.Config.LayerNormEpsilon);
    }

    /// <summary>Normalises the rows.</summary>
    /// <param name="layer">Whose moments are kept.</param>
    /// <param name="x">[pos, d_model].</param>
    /// <param name="gain">[d_model].</param>
    /// <param name="bias">[d_model].</param>
    /// <param name="y">Receives them, [pos, d_model].</param>
    public void Forward(int layer, float* x, float* gain, float* bias, float* y)
    {
        Measure(layer, x, Inverses(layer));
        for (var row = 0; row < padded; row++)
        {
            var at = (nint)row * sizes.Model;
            Kernels.Normalize(x + at, Means(layer)[row], Inverses(layer)[row], gain, bias, y + at, sizes.Model);
        }
    }

    /// <summary>From the gradient of the normalised rows to those of the rows, the gain and the bias; all are added to.</summary>
    /// <param name="layer">As in the forward pass.</param>
    /// <param name="count">Number of positions.</param>
    /// <param name="x">As in the forward pass.</param>
    /// <param name="gain">As in the forward pass.</param>
    /// <param name="dy">[pos, d_model].</param>
    /// <param name="dx">[pos, d_model].</param>
    /// <param name="dGain">[d_model], or null.</param>
    /// <param name="dBias">[d_model], or null.</param>
    public void Backward(int layer, int count, float* x, float* gain, float* dy, float* dx, float* dGain, float* dBias)
    {
        for (var row = 0; row < count; row++)
        {
            var at = (nint)row * sizes.Model;
            Kernels.NormalizeBackward(
                x + at, Means(layer)[row], Inverses(layer)[row],
                gain, dy + at, dx + at, dGain, dBias,
                sizes.Config.ModelWidth, sizes.Model);
        }
    }
}
