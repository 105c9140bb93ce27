using System.Numerics;

namespace MlNetRllc.Core.Engines;

/// <summary>One chain of one component on its way through weight space.</summary>
/// <typeparam name="T">float for models, double for oracles and small problems.</typeparam>
/// <param name="component">Which of the run's components is sampled.</param>
/// <param name="chain">Which of its chains this is; those of all rows that sample the component are
/// counted on.</param>
/// <param name="center">The trained weights w*, [d]; shared by the component's chains and never
/// written.</param>
public sealed class Walker<T>(int component, int chain, T[] center) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Index of the component.</summary>
    public int Component { get; } = component;

    /// <summary>Index of the chain within its component.</summary>
    public int Chain { get; } = chain;

    /// <summary>Where the chain starts and is pulled back to: w*, [d].</summary>
    public T[] Center { get; } = center;

    /// <summary>Where the chain is: w, [d].</summary>
    public T[] Position { get; } = [.. center];

    /// <summary>Gradient of the minibatch loss at <see cref="Position"/>, [d].</summary>
    public T[] Gradient { get; } = new T[center.Length];

    /// <summary>Minibatch loss at <see cref="Position"/>; of a language model, nats per token.</summary>
    public double Loss { get; set; }
}
