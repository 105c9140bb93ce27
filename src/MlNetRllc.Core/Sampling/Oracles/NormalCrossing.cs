using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Sampling.Oracles;

/// <summary>A regression of y on x w1^a w2^b, at w* = 0: the simplest degenerate loss whose learning coefficient is known.</summary>
/// <remarks>The loss is the mean of (y - x w1^a w2^b)^2, by the data's second moments. With y without relation to x the coefficient
/// is 1 / (2 max(a, b)) (Watanabe, 2009; the table in Lau et al., arXiv 2308.12108), which estimates reach only as nbeta
/// grows: at a finite one hold them to <see cref="Expectation"/>.</remarks>
/// <param name="first">a, 0 or more.</param>
/// <param name="second">b, 1 or more.</param>
/// <param name="xx">Mean of x^2.</param>
/// <param name="xy">Mean of x y.</param>
/// <param name="yy">Mean of y^2, the loss of w*.</param>
public sealed class NormalCrossing(int first, int second, double xx, double xy = 0, double yy = 0)
{
    /// <summary>Half the points of a weight's grid, and the reach of the grid in widths of the pull.</summary>
    private const int Points = 600;
    private const double Reach = 8, Finest = 1e-3;

    /// <summary>1 / (2 max(a, b)), dimensionless.</summary>
    public double LearningCoefficient => 0.5 / Math.Max(first, second);

    /// <summary>Loss and gradient at (w1, w2).</summary>
    public FunctionEngine Engine() => new(new double[2], (_, w, gradient) =>
    {
        var (u, v) = (Power(w[0], first), Power(w[1], second));
        var product = u * v;
        if (gradient.Length > 0)
        {
            var slope = 2 * (xx * product - xy);
            gradient[0] = first == 0 ? 0 : slope * first * Power(w[0], first - 1) * v;
            gradient[1] = slope * u * second * Power(w[1], second - 1);
        }
        return Excess(product) + yy;
    });

    /// <summary>The mean of nbeta (L(w) - L(w*)) in exp(-nbeta L(w) - gamma/2 |w|^2), by the trapezoidal rule.</summary>
    /// <remarks>Points stand at sinh of even steps, close at the axes, where the ridges are narrow. A ridge
    /// narrower than 1e-4 / sqrt(gamma) falls between them: with a power of 1 alone that is an nbeta of 1e7 or so.</remarks>
    /// <param name="nbeta">Inverse temperature times sample size.</param>
    /// <param name="localization">gamma, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is not above 0.</exception>
    public double Expectation(double nbeta, double localization)
    {
        Limits.AtLeast(nbeta, double.Epsilon);
        Limits.AtLeast(localization, double.Epsilon);
        var grid = Grid(localization);
        double weight = 0, sum = 0;
        foreach (var one in grid)
        {
            var u = Power(one.At, first);
            foreach (var two in grid)
            {
                var energy = nbeta * Excess(u * Power(two.At, second));
                var density = one.Weight * two.Weight * ScalarFunctions.Exp(-energy);
                (weight, sum) = (weight + density, sum + density * energy);
            }
        }
        return sum / weight;
    }

    /// <summary>Points of one weight, with the pull's density times their spacing.</summary>
    private static List<(double At, double Weight)> Grid(double localization)
    {
        var (scale, step) = (Finest / Math.Sqrt(localization), Math.Asinh(Reach / Finest) / Points);
        return [.. Enumerable.Range(-Points, 2 * Points + 1).Select(i =>
        {
            var at = scale * Math.Sinh(i * step);
            return (at, scale * Math.Cosh(i * step) * ScalarFunctions.Exp(-localization / 2 * at * at));
        })];
    }

    private double Excess(double product) => product * (xx * product - 2 * xy);

    private static double Power(double x, int power)
    {
        var result = 1.0;
        for (var i = 0; i < power; i++) result *= x;
        return result;
    }
}
