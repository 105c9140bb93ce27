using System.Numerics;

namespace MlNetRllc.Core.Sampling.Dynamics;

/// <summary>Stochastic gradient Langevin dynamics: <c>w += -(eps/2) grad U(w) + sqrt(eps) noise</c>.</summary>
/// <remarks>
/// Beside the step it keeps the probability with which a Metropolis-adjusted chain (MALA) would accept it,
/// <c>min(1, exp(U(w) - U(w') + (|n|^2 - |n'|^2) / 2))</c>, where n is the noise of the step and n' the noise that the reverse step would need.
/// Losses enter as differences to the baseline of their own minibatch, so that the noise between minibatches does not look like rejection.
/// </remarks>
internal sealed class Sgld<T>(SgldOptions options, int dimension) : Dynamics<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T epsilon = T.CreateChecked(options.StepSize), nbeta = T.CreateChecked(options.NBeta);
    private readonly T gamma = T.CreateChecked(options.Localization), decay = T.CreateChecked(options.WeightDecay);
    private readonly T noiseLevel = T.CreateChecked(options.NoiseLevel);
    private readonly T? box = options.BoundingBox is { } b ? T.CreateChecked(b) : null;
    private readonly T[] displacement = new T[dimension];
    private double previousEnergy = double.NaN, previousNoise, acceptanceSum;
    private int proposals;

    public override double Acceptance => proposals == 0 ? double.NaN : acceptanceSum / proposals;

    public override void Step(Walker<T> walker, double baseline, ReadOnlySpan<T> noise)
    {
        var (w, center, gradient) = (walker.Position, walker.Center, walker.Gradient);
        var half = epsilon / T.CreateChecked(2);
        var root = T.Sqrt(epsilon) * noiseLevel;
        double spring = 0, norm = 0, reverse = 0, forward = 0;
        for (var i = 0; i < w.Length; i++)
        {
            var away = w[i] - center[i];
            var force = nbeta * gradient[i] + gamma * away + decay * w[i];
            var back = half * force - displacement[i];
            var before = w[i];
            w[i] = Clamp(before - half * force + root * noise[i], center[i], box);
            displacement[i] = w[i] - before;
            spring += double.CreateChecked(away * away);
            norm += double.CreateChecked(before * before);
            reverse += double.CreateChecked(back * back);
            forward += double.CreateChecked(noise[i] * noise[i]);
        }
        var energy = options.NBeta * (walker.Loss - baseline) + options.Localization / 2 * spring + options.WeightDecay / 2 * norm;
        if (!double.IsNaN(previousEnergy))
        {
            // The reverse step from here to the previous position would need noise n' with |n'|^2 = |back|^2 / eps; the displacement
            // from there to here is in `back` with the opposite sign.
            var logRatio = previousEnergy - energy + (previousNoise - reverse / options.StepSize) / 2;
            acceptanceSum += Math.Min(1, Math.Exp(logRatio));
            proposals++;
        }
        (previousEnergy, previousNoise) = (energy, forward);
    }
}
