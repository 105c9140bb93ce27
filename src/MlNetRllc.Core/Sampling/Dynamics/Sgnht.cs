using System.Numerics;
using MlNetRllc.Core.Engines;

namespace MlNetRllc.Core.Sampling.Dynamics;

/// <summary>
/// Stochastic gradient Nose-Hoover thermostat (Ding et al., "Bayesian sampling using stochastic
/// gradient thermostats", NeurIPS 2014, Algorithm 2) with h = sqrt(eps): <c>p += -h xi p - h grad
/// U + sqrt(2 A h) noise, w += h p, xi += h (|p|^2 / d - 1)</c>.
/// </summary>
/// <remarks>
/// The friction xi starts at A and grows until the momenta have unit temperature, which takes up
/// the noise of the minibatch gradients. h = sqrt(StepSize) makes a step as long as an SGLD step of
/// the same StepSize.
/// </remarks>
internal sealed class Sgnht<T>(SgldOptions options, int dimension) : Dynamics<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T h = T.Sqrt(T.CreateChecked(options.StepSize)), nbeta = T.CreateChecked(options.NBeta);
    private readonly T gamma = T.CreateChecked(options.Localization), decay = T.CreateChecked(options.WeightDecay);
    private readonly T kick = T.CreateChecked(options.NoiseLevel * Math.Sqrt(2 * options.Friction * Math.Sqrt(options.StepSize)));
    private readonly T? box = options.BoundingBox is { } b ? T.CreateChecked(b) : null;
    private readonly T[] momentum = new T[dimension];
    private T friction = T.CreateChecked(options.Friction);

    public override void Step(Walker<T> walker, double baseline, ReadOnlySpan<T> noise)
    {
        var (w, center, gradient) = (walker.Position, walker.Center, walker.Gradient);
        var kinetic = 0.0;
        for (var i = 0; i < w.Length; i++)
        {
            var force = nbeta * gradient[i] + gamma * (w[i] - center[i]) + decay * w[i];
            momentum[i] += -h * friction * momentum[i] - h * force + kick * noise[i];
            w[i] = Clamp(w[i] + h * momentum[i], center[i], box);
            kinetic += double.CreateChecked(momentum[i] * momentum[i]);
        }
        friction += h * T.CreateChecked(kinetic / w.Length - 1);
    }
}
