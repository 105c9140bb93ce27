using System.Numerics;
using System.Runtime.Intrinsics;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Sampling.Dynamics;

/// <summary>Stochastic gradient Langevin dynamics:
/// <c>w += -(eps/2) grad U(w) + sqrt(eps) noise</c>; or with the pull stepped exactly
/// (<see cref="SgldOptions.ExactPull"/>), which is the same with two other factors.</summary>
/// <remarks>
/// Beside the step it keeps the probability with which a Metropolis-adjusted chain (MALA)
/// would accept it, <c>min(1, exp(U(w) - U(w') + (|n|^2 - |n'|^2) / 2))</c>, where n is
/// the noise of the step and n' the noise that the reverse step would need. Losses enter
/// as differences to the baseline of their own minibatch, so that the noise between
/// minibatches does not look like rejection.
/// </remarks>
internal sealed class Sgld<T>(SgldOptions options, int dimension) : Dynamics<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Block = 4096; // sums in T stay exact enough over a block, and go on in double
    private readonly double inverseTemperature = options.Control ? 0 : options.NBeta, variance = Factors(options).Variance;
    private readonly T nbeta = T.CreateChecked(options.Control ? 0 : options.NBeta);
    private readonly T forceFactor = T.CreateChecked(Factors(options).Force), noiseFactor = NoiseFactor(options);
    private readonly T gamma = T.CreateChecked(options.Localization), decay = T.CreateChecked(options.WeightDecay);
    private readonly T? box = options.BoundingBox is { } b ? T.CreateChecked(b) : null;
    private readonly T[] displacement = new T[dimension];
    private double previousEnergy = double.NaN, previousNoise, acceptanceSum;
    private int proposals;

    public override double Acceptance => proposals == 0 ? double.NaN : acceptanceSum / proposals;

    public override void Step(Walker<T> walker, double baseline, ReadOnlySpan<T> noise)
    {
        double spring = 0, norm = 0, reverse = 0, forward = 0;
        for (var start = 0; start < walker.Position.Length; start += Block)
        {
            var length = Math.Min(Block, walker.Position.Length - start);
            var sums = Move(
                walker.Position.AsSpan(start, length),
                walker.Center.AsSpan(start, length),
                walker.Gradient.AsSpan(start, length),
                noise.Slice(start, length),
                displacement.AsSpan(start, length));
            spring += double.CreateChecked(sums.Spring);
            norm += double.CreateChecked(sums.Norm);
            reverse += double.CreateChecked(sums.Reverse);
            forward += double.CreateChecked(sums.Forward);
        }
        var energy = inverseTemperature * (walker.Loss - baseline) + options.Localization / 2 * spring + options.WeightDecay / 2 * norm;
        if (!double.IsNaN(previousEnergy))
        {
            // The reverse step from here to the previous position would need noise n' with
            // |n'|^2 = |back|^2 / eps; the displacement from there to here is in `back` with the
            // opposite sign.
            var logRatio = previousEnergy - energy + (previousNoise - reverse / variance) / 2;
            acceptanceSum += Math.Min(1, ScalarFunctions.Exp(logRatio));
            proposals++;
        }
        (previousEnergy, previousNoise) = (energy, forward);
    }

    /// <summary>What multiplies grad U, and the variance of a step's noise at noise level 1.</summary>
    private static (double Force, double Variance) Factors(SgldOptions options)
    {
        var (eps, gamma) = (options.StepSize, options.Localization);
        // The exact step's limit without a pull is Euler's.
        if (!options.ExactPull || gamma * eps < 1e-9) return (eps / 2, eps);
        // w* + a x - ((1 - a) / gamma) f = w - ((1 - a) / gamma) (f + gamma x): Euler's formula.
        var a = ScalarFunctions.Exp(-gamma * eps / 2);
        return ((1 - a) / gamma, (1 - a * a) / gamma);
    }

    private static T NoiseFactor(SgldOptions options) =>
        T.Sqrt(T.CreateChecked(Factors(options).Variance)) * T.CreateChecked(options.NoiseLevel);

    /// <summary>Moves a block of weights.</summary>
    private SquaredLengths Move(
        Span<T> w, ReadOnlySpan<T> center, ReadOnlySpan<T> gradient, ReadOnlySpan<T> noise, Span<T> moved)
    {
        var (half, root) = (forceFactor, noiseFactor);
        Vector256<T> springs = default, norms = default, reverses = default, forwards = default;
        var lanes = Vector256<T>.Count;
        var i = 0;
        if (box is null)
        {
            for (; i <= w.Length - lanes; i += lanes)
            {
                Vector256<T> before = Vector256.Create<T>(w[i..]), draw = Vector256.Create<T>(noise[i..]);
                var away = before - Vector256.Create(center[i..]);
                var force = Vector256.Create(gradient[i..]) * nbeta + away * gamma + before * decay;
                var back = force * half - Vector256.Create<T>(moved[i..]);
                var after = before - force * half + draw * root;
                after.CopyTo(w[i..]);
                (after - before).CopyTo(moved[i..]);
                springs += away * away;
                norms += before * before;
                reverses += back * back;
                forwards += draw * draw;
            }
        }
        var (spring, norm, reverse, forward) = (Sum(springs), Sum(norms), Sum(reverses), Sum(forwards));
        for (; i < w.Length; i++)
        {
            var away = w[i] - center[i];
            var force = nbeta * gradient[i] + gamma * away + decay * w[i];
            var back = half * force - moved[i];
            var before = w[i];
            w[i] = Clamp(before - half * force + root * noise[i], center[i], box);
            moved[i] = w[i] - before;
            spring += away * away;
            norm += before * before;
            reverse += back * back;
            forward += noise[i] * noise[i];
        }
        return new(spring, norm, reverse, forward);
    }

    /// <summary>Squared lengths that the acceptance of a step follows from.</summary>
    /// <param name="Spring">|w - w*|^2 before the step.</param>
    /// <param name="Norm">|w|^2 before it.</param>
    /// <param name="Reverse">Of the noise that the reverse of the step before would need, times the square root of the step size.</param>
    /// <param name="Forward">Of the noise.</param>
    private readonly record struct SquaredLengths(T Spring, T Norm, T Reverse, T Forward);

    // In one order on every processor.
    private static T Sum(Vector256<T> lanes)
    {
        var sum = T.Zero;
        for (var i = 0; i < Vector256<T>.Count; i++) sum += lanes[i];
        return sum;
    }
}
