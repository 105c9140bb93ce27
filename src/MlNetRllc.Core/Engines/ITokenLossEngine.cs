using System.Numerics;

namespace MlNetRllc.Core.Engines;

/// <summary>Takes the losses of one context's tokens at one walker.</summary>
/// <remarks>Called from several threads at once, but for one walker from one at a time, context after context in their
/// order.</remarks>
/// <param name="walker">Index of the walker in the list that was given.</param>
/// <param name="context">The context of the probe set, from 0.</param>
/// <param name="losses">Losses of its tokens but the first, [pos - 1], nats; not finite where the walker's weights are not.</param>
public delegate void TokenLossVisitor(int walker, int context, ReadOnlySpan<double> losses);

/// <summary>An engine that also gives the losses of single tokens, forward only, of texts that nothing is sampled on: probe
/// sets.</summary>
/// <typeparam name="T">Precision of weights and gradients.</typeparam>
public interface ITokenLossEngine<T> : ILossEngine<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Next-token losses of a probe set under the trained weights, [context, pos - 1], row-major, nats.</summary>
    /// <param name="probe">Index of the probe set, in the order in which the engine was given them.</param>
    double[] TokenLossesOfCenter(int probe);

    /// <summary>Next-token losses of a probe set at the walkers' positions.</summary>
    /// <param name="probe">As of <see cref="TokenLossesOfCenter"/>.</param>
    /// <param name="walkers">As of <see cref="ILossEngine{T}.Evaluate"/>; their losses and gradients stay as they are.</param>
    /// <param name="visit">Takes the losses.</param>
    void TokenLosses(int probe, IReadOnlyList<Walker<T>> walkers, TokenLossVisitor visit);
}
