using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Sampling.Oracles;

/// <summary>One weight in the loss l x^2 / 2 + a x^3 / 6 + g x^4 / 24: the least in which a posterior is skew.</summary>
/// <remarks>Skewness is what covariances of the draws see and a Gaussian around w* does not: nbeta^2 Cov[x^2, x] goes to -2 a / l^3 as
/// nbeta grows (to first order in a, E[x^3] is -15 a / (6 l^3 nbeta^2) and E[x^2] E[x] is -a / (2 l^3 nbeta^2)).</remarks>
public sealed class AnharmonicWell
{
    private const int Points = 4000;
    private const double Reach = 12;

    private readonly double l, a, g;

    /// <summary>The well.</summary>
    /// <param name="l">Second derivative at 0, above 0.</param>
    /// <param name="a">Third derivative at 0.</param>
    /// <param name="g">Fourth derivative, above 0.</param>
    /// <exception cref="ArgumentException">There is a second minimum, or none.</exception>
    public AnharmonicWell(double l, double a, double g)
    {
        if (!(l > 0 && g > 0 && a * a < 8 * l * g / 3))
            throw new ArgumentException($"The loss {l} x^2/2 + {a} x^3/6 + {g} x^4/24 has another minimum than 0, or none; "
                + "l and g above 0 and a^2 below 8 l g / 3 are wanted.");
        (this.l, this.a, this.g) = (l, a, g);
    }

    /// <summary>What nbeta^2 Cov[x^2, x] goes to: -2 a / l^3.</summary>
    public double CovarianceLimit => -2 * a / (l * l * l);

    /// <summary>Loss and gradient.</summary>
    public FunctionEngine Engine() => new(new double[1], (_, w, gradient) =>
    {
        var x = w[0];
        if (gradient.Length > 0) gradient[0] = x * (l + x * (a / 2 + x * g / 6));
        return Loss(x);
    });

    /// <summary>Cov[x^2, x] in exp(-nbeta L(x)), by the trapezoidal rule.</summary>
    public double Covariance(double nbeta)
    {
        double mass = 0, first = 0, second = 0, third = 0;
        for (var i = -Points; i <= Points; i++)
        {
            // The quartic alone keeps what a weak l lets go far.
            var x = Reach * i / Points * Math.Min(1 / Math.Sqrt(nbeta * l), Math.Pow(24 / (nbeta * g), 0.25)) * 2;
            var density = ScalarFunctions.Exp(-nbeta * Loss(x));
            (mass, first, second, third) = (mass + density, first + density * x, second + density * x * x, third + density * x * x * x);
        }
        return third / mass - second / mass * (first / mass);
    }

    private double Loss(double x) => x * x * (l / 2 + x * (a / 6 + x * g / 24));
}
