using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace MlNetRllc.Core.Estimation;

/// <summary>The autocovariances of one series, at as many lags as are asked for.</summary>
/// <remarks>
/// Small lags are sums of products (<see cref="Autocovariance.AtLag"/>), which is all that chains
/// ask for that settle. One that does not is asked for up to half its length, which would take the
/// square of the draws: from <see cref="DirectLags"/> on all come from one Fourier transform, as
/// the squared spectrum of the series padded with as many zeros is that of its autocovariances
/// (Wiener and Khinchin). They agree to some 1e-16 of the one at lag 0.
/// </remarks>
/// <param name="series">[draw]; never written, and read when it is asked for.</param>
internal sealed class AllAutocovariances(double[] series)
{
    /// <summary>The first lag that is taken from the transform.</summary>
    internal const int DirectLags = 256;

    private double[]? transformed;

    /// <summary>(1/T) sum over t of x[t] x[t+lag]; 0 beyond the series.</summary>
    public double AtLag(int lag)
    {
        if (lag < DirectLags) return Autocovariance.AtLag(series, lag);
        return lag >= series.Length ? 0 : (transformed ??= Transformed(series))[lag];
    }

    private static double[] Transformed(double[] series)
    {
        // As many zeros as values, so that no product wraps around.
        var spectrum = new Complex[(int)BitOperations.RoundUpToPowerOf2(2 * (uint)series.Length)];
        for (var t = 0; t < series.Length; t++) spectrum[t] = series[t];
        Fourier.Forward(spectrum, FourierOptions.NoScaling);
        for (var k = 0; k < spectrum.Length; k++)
        {
            var (real, imaginary) = (spectrum[k].Real, spectrum[k].Imaginary);
            spectrum[k] = real * real + imaginary * imaginary;
        }
        Fourier.Inverse(spectrum, FourierOptions.NoScaling);
        return [.. spectrum.Take(series.Length).Select(product => product.Real / spectrum.Length / series.Length)];
    }
}
