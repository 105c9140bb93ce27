using MlNetRllc.Core.Engines.Autograd;

namespace MlNetRllc.Core.Sampling.Oracles;

/// <summary>The loss sum over i of h_i w_i^2 / 2, at w* = 0: what a chain of finite steps makes of it is known exactly.</summary>
/// <param name="curvatures">h, [d], 0 or more.</param>
public sealed class QuadraticWell(IReadOnlyList<double> curvatures)
{
    /// <summary>Half the number of directions with curvature, which estimates reach as nbeta grows; dimensionless.</summary>
    public double LearningCoefficient => curvatures.Count(h => h > 0) / 2.0;

    /// <summary>Loss and gradient.</summary>
    public FunctionEngine Engine() => new(new double[curvatures.Count], (_, w, gradient) =>
    {
        var loss = 0.0;
        for (var i = 0; i < w.Length; i++)
        {
            loss += curvatures[i] / 2 * w[i] * w[i];
            if (gradient.Length > 0) gradient[i] = curvatures[i] * w[i];
        }
        return loss;
    });

    /// <summary>The mean of nbeta L in exp(-nbeta L(w) - gamma/2 |w|^2): sum of nbeta h / (2 p), p = nbeta h + gamma.</summary>
    public double Expectation(double nbeta, double localization) =>
        curvatures.Sum(h => h == 0 ? 0 : nbeta * h / (2 * (nbeta * h + localization)));

    /// <summary>The mean of nbeta L over the stationary distribution of SGLD's own chain, at its step size.</summary>
    /// <remarks>A step is x = r x + s noise, so the variance is s^2 / (1 - r^2): by Euler r = 1 - eps p / 2 and s^2 = eps; with the exact
    /// pull, a = exp(-gamma eps / 2), r = a - (1 - a) nbeta h / gamma and s^2 = (1 - a^2) / gamma.</remarks>
    /// <param name="options">Of the method Sgld, at noise level 1, without weight decay and box.</param>
    /// <returns>Dimensionless; infinity where a step is unstable (|r| of 1 or more).</returns>
    /// <exception cref="ArgumentException">Another method, whose chain is not known in closed form.</exception>
    public double ChainExpectation(SgldOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Method != SamplingMethod.Sgld)
            throw new ArgumentException($"The stationary value is known for Sgld, not for {options.Method}.", nameof(options));
        var (eps, gamma) = (options.StepSize, options.Localization);
        return curvatures.Sum(h =>
        {
            var pull = Math.Exp(-gamma * eps / 2);
            var (rate, variance) = options.ExactPull && gamma > 0
                ? (pull - (1 - pull) * options.NBeta * h / gamma, (1 - pull * pull) / gamma)
                : (1 - eps * (options.NBeta * h + gamma) / 2, eps);
            return h == 0 ? 0 : Math.Abs(rate) < 1 ? options.NBeta * h / 2 * variance / (1 - rate * rate) : double.PositiveInfinity;
        });
    }
}
