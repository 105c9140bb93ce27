using System.Numerics;

namespace MlNetRllc.Core.Engines;

/// <summary>Minibatch losses and gradients for many walkers on the same minibatch: what a sampler
/// needs to know of a model.</summary>
/// <typeparam name="T">Precision of weights and gradients.</typeparam>
public interface ILossEngine<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Number of rows (contexts, examples) of the dataset from which minibatches are
    /// drawn.</summary>
    int RowCount { get; }

    /// <summary>The trained weights of a component, [d]; never to be written.</summary>
    /// <param name="component">Index, in the order in which the engine was given them.</param>
    T[] CenterOf(int component);

    /// <summary>Sets <see cref="Walker{T}.Loss"/> and <see cref="Walker{T}.Gradient"/> of every
    /// walker, at its position.</summary>
    /// <remarks>A loss is the mean over the minibatch: of a language model in nats per token. Where a mask counts only
    /// some tokens, it is their sum over the mean number of them in the dataset's minibatches, which leaves it unbiased. One
    /// that is not finite is set as it is, and no error.</remarks>
    /// <param name="rows">The minibatch, as row numbers in 0..<see cref="RowCount"/>-1.</param>
    /// <param name="walkers">The walkers, in any order, or none; what one gets does not depend on
    /// the others. No two have the same component and chain.</param>
    /// <returns>The loss of the trained weights on the same minibatch.</returns>
    double Evaluate(ReadOnlySpan<int> rows, IReadOnlyList<Walker<T>> walkers);
}
