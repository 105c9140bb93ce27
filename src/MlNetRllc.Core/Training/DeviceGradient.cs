using MlNetRllc.Core.Model;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Training;

/// <summary>Losses and gradients by autograd on a device that is not the CPU; the weights
/// themselves stay on the CPU and are sent before each pass.</summary>
internal sealed class DeviceGradient : IDisposable
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

    /// <summary>As <see cref="BatchGradient.Compute"/>: the sum of a batch's losses and the
    /// gradient of its mean.</summary>
    /// <param name="weights">The weights, on the CPU, in the order of
    /// <see cref="WeightNames.Shapes"/>.</param>
    /// <param name="ids">Token ids, [batch, pos], int64, on the CPU.</param>
    /// <param name="tokens">Predicted tokens over which the mean is taken.</param>
    /// <returns>The sum in nats; contiguous gradients on the CPU, in the caller's dispose scope.</returns>
    public (double LossSum, Tensor[] Gradients) Of(Parameter[] weights, Tensor ids, long tokens)
    {
        using var scope = NewDisposeScope();
        Send(weights);
        var sum = model.PerTokenLoss(ids.to(device)).sum();                          // []
        var gradients = autograd.grad([sum], mirror);                                // of the sum
        Tensor[] back = [.. gradients.Select(g => g.div_(Native.Scalars.Kept(tokens)).cpu().contiguous())];
        foreach (var gradient in back) gradient.MoveToOuterDisposeScope();
        return (sum.detach().to(ScalarType.Float64).item<double>(), back);
    }

    /// <summary>Mean over contexts of their mean loss, nats per token.</summary>
    public double MeanLoss(Parameter[] weights, IEnumerable<Tensor> contexts)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        Send(weights);
        return contexts
            .Select(ids => model.PerTokenLoss(ids.to(device)).to(ScalarType.Float64).mean().item<double>())
            .ToList()
            .Average();
    }

    public void Dispose() => model.Dispose();

    private void Send(Parameter[] weights)
    {
        using var ungraded = no_grad();
        for (var i = 0; i < mirror.Length; i++) mirror[i].copy_(weights[i]);
    }
}
