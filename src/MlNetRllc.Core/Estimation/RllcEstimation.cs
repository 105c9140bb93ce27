using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Core.Estimation;

/// <summary>Turns the losses along chains into a refined local learning coefficient, its standard
/// error and diagnostics.</summary>
/// <remarks>
/// <para>lambda(w*) = nbeta (E[l(w)] - l(w*)) (Lau et al., arXiv 2308.12108; refined: Wang et al.,
/// arXiv 2410.02984, section 3). With d[c,t] = loss[c,t] - baseline, over the chains that stayed
/// finite and the draws that are kept, the estimate is nbeta times the mean of d.</para>
/// <para><b>Paired</b>: baseline[t] is the loss of w* on the minibatch of draw t. The minibatch is
/// fresh at each step and independent of w[t], so d is unbiased, and the minibatch's own noise is
/// gone. <b>Unpaired</b>: the baseline is one number, the mean over the first
/// <see cref="EstimationOptions.BaselineBatches"/> minibatches; its variance, less what it shares
/// with the draws of the same minibatches, enters the standard error. All diagnostics are of d,
/// under either.</para>
/// <para><b>Antithetic chains</b> (<see cref="LossTrace.Antithetic"/>) are independent as pairs:
/// standard error, R-hat, effective sample size and Geweke are of pair means, and a pair of which
/// one chain diverged is left out whole. The error errs to the safe side: on a quadratic it was 1.08 to
/// 1.15 times the spread over seeds at 2 to 4 pairs x 200 draws, and 1.17 to 1.29 times at 100 draws.</para>
/// <para><b>Transient</b>: chains start at w*, where the difference is 0, so draws of too short a burn-in are low
/// (<see cref="RllcEstimate.Transient"/>). It is found in the trace itself, as the exponential that fits the mean over chains; told from
/// noise, it is a part of the standard error (in quadrature), and beyond <see cref="EstimationOptions.MaxTransient"/> errors the
/// estimate has not converged. At the paper's settings (no burn-in, 200 draws, localization 200, step size 1e-3) it is -2.6 % of the
/// estimate, which is 0.7 to 1.0 standard errors of a head's and 2.1 to 2.6 of the whole model's.</para>
/// <para>Statuses, the first that fits: failed (nothing to estimate from), diverged, negative,
/// not-converged, ok.</para>
/// </remarks>
public static class RllcEstimation
{
    /// <summary>The estimate of one component from its trace.</summary>
    /// <exception cref="ArgumentException">The trace's lists do not have the lengths that its
    /// chains and draws ask for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public static RllcEstimate Estimate(LossTrace trace, EstimationOptions options) =>
        Estimate(trace, options, negativeIsFault: true);

    /// <summary>The same; a value below zero is a fault of the weights, or may be what is found.</summary>
    internal static RllcEstimate Estimate(LossTrace trace, EstimationOptions options, bool negativeIsFault)
    {
        var draws = LossDifferences.From(trace, options, trace?.Draws ?? 0);
        var beta = trace!.NBeta;
        if (draws.Kept == 0 || draws.Used.Count == 0) return WithoutDraws(trace, draws);

        var chains = draws.Chains;
        var mean = chains.Average(chain => chain.Average());
        var drift = chains.Average(SecondHalfMinusFirst);
        var driftError = 2 * draws.StandardError;
        var (shift, tau) = draws.FindTransient();
        var estimate = new RllcEstimate
        {
            Rllc = beta * mean,
            RllcStdErr = beta * Math.Sqrt(draws.StandardError * draws.StandardError + shift * shift),
            Transient = beta * shift,
            RHat = ConvergenceDiagnostics.RHat(draws.Independent),
            Ess = ConvergenceDiagnostics.BulkEss(draws.Independent),
            MalaAcceptance = MeanAcceptance(trace, draws.Used),
            Geweke = LargestGeweke(draws.Independent),
            NegativeShare = chains.Average(chain => chain.Count(d => d < 0) / (double)chain.Length),
            Drift = beta * drift,
            ChainRllcs = [.. draws.ChainMeans.Select(chain => beta * chain)],
            DrawsUsed = draws.Kept,
            Status = RllcStatus.Ok,
            Reason = "",
        };
        var evidence = new ChainEvidence(
            beta * driftError, beta * draws.StandardError, tau, LossRounding.IsAllOf(trace, draws));
        var (status, reason) = RllcVerdict.Judge(estimate, trace, draws.Used.Count, evidence, options, negativeIsFault);
        return estimate with { Status = status, Reason = reason };
    }

    /// <summary>The standard error of the rLLC from the first <paramref name="draws"/> draws of a
    /// trace, in units of rLLC: to stop sampling once it is as small as wanted.</summary>
    /// <remarks>
    /// Costs O(chains x draws x lags until the autocovariance is lost in noise): ask every few tens
    /// of draws, not at each. A rule that stops at the first small value prefers the runs whose
    /// error came out too small; ask for a tenth less than you want, and for at least 50 draws. A
    /// discarded share is a share of the prefix. NaN while nothing can be known.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="draws"/> lies outside 0 to the
    /// trace's draws, or an option outside its range.</exception>
    public static double StandardErrorOf(LossTrace trace, int draws, EstimationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trace);
        Limits.AtLeast(draws, 0);
        Limits.AtMost(draws, trace.Draws);
        return trace.NBeta * LossDifferences.From(trace, options, draws).StandardError;
    }

    private static RllcEstimate WithoutDraws(LossTrace trace, LossDifferences draws)
    {
        var (status, reason) = trace.Chains == 0 || trace.Draws == 0
            ? (RllcStatus.Failed, $"{trace.Component}: the trace holds {trace.Chains} chains x {trace.Draws} draws; "
                + "there is nothing to estimate from.")
            : draws.Kept == 0
            ? (RllcStatus.Failed, $"{trace.Component}: all {trace.Draws} draws are discarded; discard fewer or draw more.")
            : !draws.BaselineIsFinite
            ? (RllcStatus.Failed, $"{trace.Component}: a baseline loss is not finite, so the checkpoint's own weights are not usable.")
            : (RllcStatus.Diverged, $"{trace.Component}: "
                + (trace.Antithetic ? $"of each of the {trace.Chains / 2} pairs a chain" : $"all {trace.Chains} chains")
                + " stopped being finite, the first at draw "
                + $"{trace.DivergedAt.Where(at => at >= 0).DefaultIfEmpty(0).Min()}; lower the step size or raise the localization.");
        return RllcEstimate.None(status, reason) with { ChainRllcs = [.. Enumerable.Repeat(double.NaN, trace.Chains)] };
    }

    private static double SecondHalfMinusFirst(double[] chain)
    {
        var half = chain.Length / 2;
        return half == 0 ? double.NaN : chain[^half..].Average() - chain[..half].Average();
    }

    private static double LargestGeweke(IReadOnlyList<double[]> chains) =>
        chains.Select(chain => Math.Abs(ConvergenceDiagnostics.Geweke(chain)))
            .Where(z => !double.IsNaN(z)).DefaultIfEmpty(double.NaN).Max();

    private static double MeanAcceptance(LossTrace trace, IReadOnlyList<int> chains) =>
        chains
            .Where(c => c < trace.MalaAcceptance.Count)
            .Select(c => trace.MalaAcceptance[c])
            .DefaultIfEmpty(double.NaN)
            .Average();
}
