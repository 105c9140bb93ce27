using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Engines;

/// <summary>Mean losses of minibatches and their gradients at every weight of a model.</summary>
internal interface IModelGradient : IDisposable
{
    /// <summary>The mean loss of a minibatch, nats per token, and its gradient.</summary>
    /// <param name="weights">The weights, in the order of <see cref="WeightNames.Shapes"/>.</param>
    /// <param name="contexts">The dataset.</param>
    /// <param name="batch">Its contexts.</param>
    /// <param name="gradients">Overwritten; as <paramref name="weights"/>.</param>
    double Compute(IReadOnlyList<float[]> weights, ContextSet contexts, int[] batch, IReadOnlyList<float[]> gradients);

    /// <summary>Mean over contexts of their mean loss, nats per token.</summary>
    double MeanLoss(IReadOnlyList<float[]> weights, ContextSet contexts, int[] rows);
}
