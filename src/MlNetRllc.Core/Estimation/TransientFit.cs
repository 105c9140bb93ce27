using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Estimation;

/// <summary>The least-squares fit of p + q exp(-t/tau) to a series: a chain that leaves w* and
/// settles.</summary>
internal sealed class TransientFit
{
    /// <summary>How many of its errors a transient must exceed to be told from noise.</summary>
    /// <remarks>They are errors of a slow shape; on a fast one autocorrelated noise puts less. One of less than about
    /// 2.5 sqrt(2 tau / draws) standard errors of the mean is not told.</remarks>
    private const double LeastErrors = 2.5;

    private readonly double[] _shape;

    private TransientFit(double[] residuals, double[] shape) => (Residuals, _shape) = (residuals, shape);

    /// <summary>What the fit leaves, [draw].</summary>
    public double[] Residuals { get; }

    /// <summary>q mean(exp(-t/tau)), by which the transient moves the series' mean; 0 where none was found.</summary>
    public double MeanShift { get; private init; }

    /// <summary>Draws over which the transient falls by e; 0 where none was found.</summary>
    public double Tau { get; private init; }

    /// <summary>Length of the transient as a vector over draws, about its mean.</summary>
    public double Strength { get; private init; }

    /// <summary>Whether the transient is more than noise of that standard error of the mean could be.</summary>
    /// <remarks>Noise puts about sqrt(draws) standard errors of the mean onto any one shape.</remarks>
    public bool IsTold(double standardError) => Strength > LeastErrors * Math.Sqrt(Residuals.Length) * standardError;

    /// <summary>Fits; tau is the best of a grid from half a step to a fifth of the series, as a
    /// slower one cannot be told from noise.</summary>
    public static TransientFit To(ReadOnlySpan<double> series)
    {
        var length = series.Length;
        var mean = 0.0;
        foreach (var value in series) mean += value / length;
        double[] best = [];
        double bestGain = 0, weight = 0, shift = 0, bestTau = 0;
        for (var tau = 0.5; tau <= 0.2 * length; tau *= 1.4)
        {
            var (shape, perUnit) = Exponential(length, tau);
            var product = 0.0;
            for (var t = 0; t < length; t++) product += shape[t] * (series[t] - mean);
            if (!(product * product > bestGain)) continue;
            (best, bestGain, weight) = (shape, product * product, product);
            (shift, bestTau) = (product * perUnit, tau);
        }
        var residuals = new double[length];
        for (var t = 0; t < length; t++)
            residuals[t] = series[t] - mean - (best.Length == 0 ? 0 : weight * best[t]);
        return new TransientFit(residuals, best) { MeanShift = shift, Tau = bestTau, Strength = Math.Abs(weight) };
    }

    /// <summary>(1/T) sum over |lag| up to <paramref name="lastLag"/> of sum over t of H[t, t+lag],
    /// H the hat matrix of the fit.</summary>
    public double ShareRemoved(int lastLag)
    {
        var length = Residuals.Length;
        var shape = new AllAutocovariances(_shape);
        var share = 0.0;
        for (var lag = 0; lag <= lastLag; lag++)
        {
            var ofMean = (double)(length - lag) / length;
            var ofShape = _shape.Length == 0 ? 0 : shape.AtLag(lag) * length;
            share += (lag == 0 ? 1 : 2) * (ofMean + ofShape) / length;
        }
        return share;
    }

    /// <summary>exp(-t/tau) without its mean, of length one; and the mean that it had, in that length.</summary>
    private static (double[] Shape, double Mean) Exponential(int length, double tau)
    {
        var shape = new double[length];
        for (var t = 0; t < length; t++) shape[t] = ScalarFunctions.Exp(-t / tau);
        var mean = shape.Average();
        var square = 0.0;
        for (var t = 0; t < length; t++)
        {
            shape[t] -= mean;
            square += shape[t] * shape[t];
        }
        var norm = Math.Sqrt(square);
        for (var t = 0; t < length; t++) shape[t] /= norm;
        return (shape, mean / norm);
    }
}
