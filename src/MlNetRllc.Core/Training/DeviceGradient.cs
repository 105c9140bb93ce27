using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Model;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MlNetRllc.Core.Training;

/// <summary>Losses and gradients by autograd on a device that is not the CPU; the weights
/// themselves stay on the CPU and are sent before each pass.</summary>
internal sealed class DeviceGradient : IModelGradient
{
    private readonly AttentionOnlyTransformer model;
    private readonly Parameter[] mirror;
    private readonly Device device;

    public DeviceGradient(TransformerConfig config, Device device)
    {
        this.device = device;
        model = new(config, device: device);
        mirror = [.. model.Weights.Select(w => w.Value)];
    }

    /// <inheritdoc/>
    public double Compute(IReadOnlyList<float[]> weights, ContextSet contexts, int[] batch, IReadOnlyList<float[]> gradients)
    {
        using var scope = NewDisposeScope();
        using var graded = Native.GradientMode.Enabled();
        Send(weights);
        var tokens = (long)batch.Length * (contexts.ContextLength - 1);
        var sum = model.PerTokenLoss(Ids(contexts, batch).to(device)).sum();         // []
        var found = autograd.grad([sum], mirror);                                    // of the sum
        for (var i = 0; i < found.Count; i++)
            Values(found[i].div_(Native.Scalars.Kept(tokens)).cpu().contiguous()).CopyTo(gradients[i]);
        return sum.detach().to(ScalarType.Float64).item<double>() / tokens;
    }

    /// <inheritdoc/>
    public double MeanLoss(IReadOnlyList<float[]> weights, ContextSet contexts, int[] rows)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        Send(weights);
        return rows.Average(row =>
        {
            using var inner = NewDisposeScope();
            return model.PerTokenLoss(Ids(contexts, [row]).to(device)).to(ScalarType.Float64).mean().item<double>();
        });
    }

    public void Dispose() => model.Dispose();

    private void Send(IReadOnlyList<float[]> weights)
    {
        using var ungraded = no_grad();
        for (var i = 0; i < mirror.Length; i++) mirror[i].copy_(tensor(weights[i]).view(mirror[i].shape));
    }

    private static Tensor Ids(ContextSet contexts, int[] rows)
    {
        var ids = new long[rows.Length * contexts.ContextLength];
        for (var row = 0; row < rows.Length; row++)
            TensorPrimitives.ConvertChecked(
                contexts[rows[row]], ids.AsSpan(row * contexts.ContextLength, contexts.ContextLength));
        return tensor(ids).view(rows.Length, contexts.ContextLength); // [batch, pos]
    }

    private static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
