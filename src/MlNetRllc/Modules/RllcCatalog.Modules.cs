using MlNetRllc.Core.Options;
using MlNetRllc.Modules;
using static TorchSharp.torch;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Estimates local learning coefficients of a trained module of your own; see
    /// <see cref="LlcEstimator"/> for the columns.</summary>
    /// <param name="module">The trained module. While <c>Fit</c> runs it is in evaluation mode and its
    /// parameters move; afterwards both are as before.</param>
    /// <param name="loss">Mean loss of a minibatch, a scalar, from the module's output and the labels, such as
    /// <c>functional.cross_entropy</c>.</param>
    /// <param name="options">Columns, selections, sampling; the context's seed where none is given.</param>
    /// <exception cref="ArgumentException">A selection names no parameter of the module; the message lists those it has.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public LlcEstimator EstimateLlc(nn.Module<Tensor, Tensor> module, Func<Tensor, Tensor, Tensor> loss, LlcOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(loss);
        return EstimateLlcOf(module, (features, labels) =>
        {
            using var output = module.call(features);
            return loss(output, labels);
        }, options);
    }

    /// <summary>As <see cref="EstimateLlc"/>, for a module with any forward pass.</summary>
    /// <param name="module">The trained module.</param>
    /// <param name="loss">Mean loss of a minibatch, a scalar, from features and labels at the module's present parameters.</param>
    /// <param name="options">Columns, selections, sampling; the context's seed where none is given.</param>
    /// <exception cref="ArgumentException">A selection names no parameter of the module; the message lists those it has.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public LlcEstimator EstimateLlcOf(nn.Module module, Func<Tensor, Tensor, Tensor> loss, LlcOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(loss);
        var chosen = options ?? (Seed is { } seed ? new() { Sampling = new() { Seed = seed } } : new());
        chosen.Sampling.Validated();
        chosen.Estimation.Validated();
        return new(Environment, module, loss, chosen);
    }
}
