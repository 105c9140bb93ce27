namespace MlNetRllc.Core.Estimation;

/// <summary>The standard error of the mean over chains that are each autocorrelated and all meet
/// the same minibatches.</summary>
/// <remarks>
/// <para>Model: d[c,t] = mu[t] + a[c,t] + s[t]. The transient mu is deterministic (chains start at
/// w*); a is independent over chains c; s is what all chains share at step t, because they meet the
/// same minibatch. The mean over C chains and T draws has</para>
/// <para>Var = A + S, A = (1/(C T)) sum over |k|&lt;T of (1-|k|/T) gamma_a(k), S = the same sum of
/// gamma_s, without 1/C.</para>
/// <para><b>A</b>: e[c,t] = d[c,t] - m[t], with m the mean over chains, holds neither mu nor s, and
/// has mean zero at every t. So gamma_a(k) = (1/(C-1)) sum over c of (1/T) sum over t of e[c,t]
/// e[c,t+k] is unbiased without subtracting a mean over time. Summed over all lags it is the
/// variance of the chain means; Geyer's initial monotone sequence cuts it where only noise is left,
/// which keeps that estimator's lack of bias and adds the degrees of freedom of the draws.</para>
/// <para><b>S</b>: gamma_s(k) = gamma_m(k) - gamma_a(k)/C, which is the mean cross-covariance of
/// different chains. gamma_m comes from the residuals r of m after a fit of the transient, p + q
/// exp(-t/tau) (least squares; tau over a grid up to T/5). The fit also takes out noise: with H its
/// hat matrix it lowers the sum over |k| &lt;= K by about the share f = (1/T) sum over |k| &lt;= K
/// of h(k), h(k) = sum over t of H[t,t+k], so S is divided by 1 - f (at least 0.25). The cut K is
/// Geyer's; the first pair may be negative. The total is at least A/2.</para>
/// <para>One chain: a and s cannot be told apart; S with m = d is everything. The fit then matters
/// most, and a chain much slower than T/10 gives too small an error.</para>
/// <para>Why this one: over C in {1,2,4,8}, T in {20,50,60,100,200}, autocorrelations .5 to .9 and
/// shared variance of 0, 50 and 95 %, with a transient of four standard deviations, the ratio of
/// the true spread to this error's root mean square lay in 0.84 to 1.19. The variance between chain
/// means gave up to 9 (it is blind to s); autocovariances of m without the transient 0.3 to 0.9;
/// without splitting A from S 0.9 to 1.6, at half the precision.</para>
/// <para>Of a trained model over seeds, as the ratio of the spread to the mean of this error: 1.01 +- 0.05 for all weights of
/// the quickstart's (4 x 200 draws, 200 seeds); of a small one 0.95 +- 0.03 (4 x 200) and 0.95 +- 0.02 (4 x 1000), but 1.15 +- 0.04 for
/// 2 chains x 100 draws whose memory is 20 draws: their own part comes out 20 % low in variance, cut too early, and
/// nothing tried mends it without
/// making longer chains' errors too large (an exponential fitted to the tail of either part, with or without a sign).</para>
/// <para>At 4 chains errors are some 5 % large, as S comes out high. A step goes down the slope of the minibatch that lifted the loss, so
/// later differences are lower: on a quadratic with slopes b that is -(eps nbeta / 2) E[b'x b'Ax] from one draw to the next, and
/// the cross-covariances are negative there (-0.013 of the variance at lag 1, where most of it is shared; ratio 0.93 +- 0.01). So small a
/// one cannot be told from noise in one trace, and the cut leaves it out.</para>
/// <para>Source: Geyer, Practical Markov chain Monte Carlo, Statistical Science 7 (1992), for the
/// cut; the split is this project's.</para>
/// </remarks>
public static class ChainStandardError
{
    private const double LargestCorrection = 0.75;

    /// <summary>The standard error of the mean of <paramref name="differences"/>, in their unit.</summary>
    /// <param name="differences">[chain, draw], row-major, all finite.</param>
    /// <param name="chains">Number of chains.</param>
    /// <param name="draws">Number of draws of each chain.</param>
    /// <returns>NaN when it cannot be known: no chain, one draw, or one chain of fewer than 4
    /// draws. Chains of fewer than 4 draws: the spread of their means, which is blind to what they
    /// share.</returns>
    /// <exception cref="ArgumentException">The span's length is not chains x draws.</exception>
    public static double Estimate(ReadOnlySpan<double> differences, int chains, int draws)
    {
        if (differences.Length != (long)chains * draws)
            throw new ArgumentException(
                $"{differences.Length} differences cannot be {chains} chains x {draws} draws.", nameof(differences));
        if (chains < 1 || draws < 2 || chains == 1 && draws < 4) return double.NaN;
        var mean = ChainMean(differences, chains, draws);
        var apart = new double[differences.Length];
        for (var i = 0; i < apart.Length; i++) apart[i] = differences[i] - mean[i % draws];
        var residuals = apart.Chunk(draws).Select(chain => new AllAutocovariances(chain)).ToArray();

        double OwnAt(int lag)
        {
            if (chains == 1) return 0;
            var sum = 0.0;
            foreach (var chain in residuals) sum += chain.AtLag(lag);
            return sum / (chains - 1);
        }

        if (draws < 4) return Math.Sqrt(AllLags(OwnAt, draws) / draws / chains);
        var largestLag = draws / 2;
        var own = chains == 1 ? 0 : Autocovariance.SumUntilNoise(OwnAt, largestLag).Sum / draws / chains;
        var fit = TransientFit.To(mean);
        var ofMean = new AllAutocovariances(fit.Residuals);
        var (sum, last) = Autocovariance.SumUntilNoise(
            lag => ofMean.AtLag(lag) - OwnAt(lag) / chains, largestLag, signed: chains > 1);
        var shared = sum / draws / (1 - Math.Min(LargestCorrection, fit.ShareRemoved(last)));
        return Math.Sqrt(Math.Max(own + shared, own / 2));
    }

    private static double AllLags(Func<int, double> covariance, int draws)
    {
        var sum = covariance(0);
        for (var lag = 1; lag < draws; lag++) sum += 2 * covariance(lag);
        return Math.Max(sum, 0);
    }

    private static double[] ChainMean(ReadOnlySpan<double> differences, int chains, int draws)
    {
        var mean = new double[draws];
        for (var i = 0; i < differences.Length; i++) mean[i % draws] += differences[i] / chains;
        return mean;
    }
}
