using System.Numerics;
using MlNetRllc.Core.Engines;

namespace MlNetRllc.Core.Sampling.Dynamics;

/// <summary>How a chain moves, given the gradient of the loss: one chain's rule and its memory.</summary>
/// <remarks>
/// Notation: U(w) = nbeta l(w) + gamma/2 |w - w*|^2 + wd/2 |w|^2 is the energy of the localised
/// tempered posterior exp(-U); its gradient is nbeta grad l + gamma (w - w*) + wd w.
/// </remarks>
public abstract class Dynamics<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Moves the walker one step, from its position and the gradient there.</summary>
    /// <param name="walker">Position and gradient of the mean loss; the position is changed.</param>
    /// <param name="baseline">Loss of w* on the same minibatch, for the Metropolis diagnostics.</param>
    /// <param name="noise">Independent standard normals, [d].</param>
    public abstract void Step(Walker<T> walker, double baseline, ReadOnlySpan<T> noise);

    /// <summary>Mean Metropolis acceptance of the steps so far, or NaN where the dynamics has
    /// none.</summary>
    public virtual double Acceptance => double.NaN;

    /// <summary>The dynamics that the options name.</summary>
    public static Dynamics<T> Create(SgldOptions options, int dimension) => options.Method switch
    {
        SamplingMethod.Sgld => new Sgld<T>(options, dimension),
        SamplingMethod.RmsPropSgld => new RmsPropSgld<T>(options, dimension),
        SamplingMethod.Sgnht => new Sgnht<T>(options, dimension),
        var other => throw new ArgumentOutOfRangeException(nameof(options), other, "Unknown dynamics."),
    };

    /// <summary>Keeps a weight inside the box around its trained value.</summary>
    protected static T Clamp(T weight, T center, T? box) =>
        box is { } half ? T.Clamp(weight, center - half, center + half) : weight;
}
