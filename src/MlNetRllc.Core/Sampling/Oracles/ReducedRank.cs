using MathNet.Numerics.LinearAlgebra;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Sampling.Oracles;

/// <summary>Two linear layers, y = W2 W1 x, where nothing is to be learned, at w* = 0: the deepest loss whose learning coefficient is known
/// in closed form.</summary>
/// <remarks>x is standard normal, so the loss beyond the noise is |W2 W1|^2 / outputs (squared error, mean over outputs).
/// Weights are W1 [rank, in], then W2 [out, rank].</remarks>
/// <param name="inputs">M, at least the rank.</param>
/// <param name="rank">H, width of the hidden layer, 1 or more.</param>
/// <param name="outputs">N, 1 or more.</param>
public sealed class ReducedRank(int inputs, int rank, int outputs)
{
    private const int Points = 8000;
    private const double Smallest = 1e-18, Largest = 120;

    /// <summary>The coefficient for a true rank of 0 (Aoyagi and Watanabe, Neural Networks 18 (2005)); dimensionless.</summary>
    public double LearningCoefficient
    {
        get
        {
            var (m, h, n) = (inputs, rank, outputs);
            if (m + h < n) return m * h / 2.0;
            if (n + h < m) return n * h / 2.0;
            if (m + n < h) return m * n / 2.0;
            return (2 * (m * h + n * h + m * n) - m * m - n * n - h * h + (m + n + h) % 2) / 8.0;
        }
    }

    /// <summary>Loss and gradient.</summary>
    public FunctionEngine Engine() => new(new double[rank * (inputs + outputs)], (_, w, gradient) =>
    {
        var w1 = w[..(rank * inputs)];
        var w2 = w[(rank * inputs)..];
        gradient.Clear();
        var loss = 0.0;
        for (var o = 0; o < outputs; o++)
            for (var i = 0; i < inputs; i++)
            {
                var entry = 0.0;
                for (var r = 0; r < rank; r++) entry += w2[o * rank + r] * w1[r * inputs + i];
                loss += entry * entry / outputs;
                if (gradient.IsEmpty) continue;
                for (var r = 0; r < rank; r++)
                {
                    gradient[r * inputs + i] += 2 * entry * w2[o * rank + r] / outputs;
                    gradient[(inputs + o) * rank + r] += 2 * entry * w1[r * inputs + i] / outputs;
                }
            }
        return loss;
    });

    /// <summary>The mean of nbeta L in exp(-nbeta L(w) - gamma/2 |w|^2), exactly but for one integral over a line.</summary>
    /// <remarks>Given W1 the other layer is Gaussian; what is left depends on the eigenvalues s of gamma W1 W1' alone, which have Wishart's
    /// density: each has the weight s^((M-H-1)/2) exp(-s/2) (1 + c s)^(-N/2), c = 2 nbeta / (N gamma^2), and all of them the product
    /// of their differences. The integral over ordered eigenvalues is a Pfaffian of integrals over pairs (de Bruijn, 1955), whose
    /// square is a determinant; the mean is minus the derivative of its logarithm by ln nbeta.</remarks>
    /// <param name="nbeta">Inverse temperature times sample size.</param>
    /// <param name="localization">gamma, above 0.</param>
    /// <exception cref="ArgumentException">There are fewer inputs than the rank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One of the arguments is not above 0.</exception>
    public double Expectation(double nbeta, double localization)
    {
        Limits.AtLeast(nbeta, double.Epsilon);
        Limits.AtLeast(localization, double.Epsilon);
        if (inputs < rank) throw new ArgumentException($"The rank {rank} is above the inputs, {inputs}; it may be at most as many.");
        const double step = 1e-3;
        var c = 2 * nbeta / (outputs * localization * localization);
        return (LogIntegral(c * Math.Exp(-step)) - LogIntegral(c * Math.Exp(step))) / (2 * step);
    }

    private double LogIntegral(double c)
    {
        // An odd number of eigenvalues takes one more row, of integrals over single ones.
        var size = rank + rank % 2;
        var pairs = Matrix<double>.Build.Dense(size, size);
        double[] below = new double[rank], previous = new double[rank];
        var step = (ScalarFunctions.Log(Largest) - ScalarFunctions.Log(Smallest)) / Points;
        for (var at = 0; at <= Points; at++)
        {
            var s = Smallest * ScalarFunctions.Exp(at * step);
            var weight = step * ScalarFunctions.Exp(
                (inputs - rank + 1) / 2.0 * ScalarFunctions.Log(s) - s / 2 - outputs / 2.0 * ScalarFunctions.Log(1 + c * s));
            var power = 1.0;
            for (var i = 0; i < rank; i++, power *= s)
            {
                // Up to the middle of this point's own interval.
                below[i] += (previous[i] + weight * power) / 2;
                previous[i] = weight * power;
            }
            for (var i = 0; i < rank; i++)
                for (var j = 0; j < rank; j++)
                    pairs[i, j] += below[i] * previous[j] - below[j] * previous[i];
        }
        if (size > rank)
            for (var i = 0; i < rank; i++) (pairs[i, rank], pairs[rank, i]) = (below[i], -below[i]);
        return ScalarFunctions.Log(Math.Abs(pairs.Determinant())) / 2;
    }
}
