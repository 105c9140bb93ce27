namespace MlNetRllc.Core.Estimation;

/// <summary>Autocovariances of a series and Geyer's rule for where to stop adding them.</summary>
internal static class Autocovariance
{
    /// <summary>(1/T) sum over t of x[t] x[t+lag]: the biased form, whose divisor is T at every
    /// lag; nothing is centred here.</summary>
    public static double AtLag(ReadOnlySpan<double> x, int lag)
    {
        var sum = 0.0;
        for (var t = 0; t + lag < x.Length; t++) sum += x[t] * x[t + lag];
        return x.Length == 0 ? double.NaN : sum / x.Length;
    }

    /// <summary>The sum of autocovariances over lags -K..K, with K by Geyer's initial monotone
    /// sequence.</summary>
    /// <remarks>
    /// Pairs G_j = gamma(2j) + gamma(2j+1) of a reversible chain are positive and fall with j
    /// (Geyer 1992, section 3.3): stop before the first pair that is not positive, and bring a pair
    /// that rises down to the one before it. With <paramref name="signed"/> a first pair below zero
    /// is kept as it is instead of being raised to zero: a difference of two estimates may be below
    /// zero, and cutting it off there would lift its mean.
    /// </remarks>
    /// <param name="covariance">The autocovariance at a lag; asked for in order, and only as far as
    /// needed.</param>
    /// <param name="largestLag">No lag beyond this one is used.</param>
    /// <param name="signed">Whether the first pair may be negative.</param>
    /// <returns>The sum, and the last lag that went into it.</returns>
    public static (double Sum, int LastLag) SumUntilNoise(
        Func<int, double> covariance, int largestLag, bool signed = false)
    {
        var zero = covariance(0);
        if (largestLag < 1) return (signed ? zero : Math.Max(zero, 0), 0);
        double sum = 0, previous = double.PositiveInfinity;
        var last = -1;
        for (var lag = 0; lag + 1 <= largestLag; lag += 2)
        {
            var pair = (lag == 0 ? zero : covariance(lag)) + covariance(lag + 1);
            if (lag == 0 && signed && pair <= 0) return (2 * pair - zero, 1);
            if (!(pair > 0)) break;
            previous = Math.Min(pair, previous);
            sum += 2 * previous;
            last = lag + 1;
        }
        // A series that alternates at once (first pair not positive) is no reversible chain's: its
        // variance bounds the sum.
        return last < 0 ? (Math.Max(zero, 0), 0) : (sum - zero, last);
    }
}
