using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Core.Estimation;

/// <summary>What of the chains a verdict needs beside the estimate.</summary>
/// <param name="DriftError">Standard error of the drift, in units of rLLC.</param>
/// <param name="StandardError">Of the estimate, without the transient.</param>
/// <param name="Tau">Draws over which a transient falls by e; 0 without one.</param>
/// <param name="IsRounding">Whether no draw differs from w* beyond rounding (<see cref="LossRounding"/>).</param>
internal readonly record struct ChainEvidence(double DriftError, double StandardError, double Tau, bool IsRounding);

/// <summary>Puts the diagnostics of an estimate into one word and a reason.</summary>
internal static class RllcVerdict
{
    /// <summary>Times over which an exponential falls to 1 %.</summary>
    private const double TimesToSettle = 4.6;

    public static (RllcStatus Status, string Reason) Judge(
        RllcEstimate estimate, LossTrace trace, int usedChains, ChainEvidence evidence, EstimationOptions options,
        bool negativeIsFault)
    {
        if (usedChains < trace.Chains)
        {
            var lost = Enumerable.Range(0, trace.Chains)
                .Where(c => double.IsNaN(estimate.ChainRllcs[c]))
                .ToArray();
            var at = lost
                .Where(c => c < trace.DivergedAt.Count && trace.DivergedAt[c] >= 0)
                .Select(c => trace.DivergedAt[c])
                .ToArray();
            return (RllcStatus.Diverged,
                $"{lost.Length} of {trace.Chains} chains stopped being finite"
                + (at.Length > 0 ? $", the first at draw {at.Min()}" : "")
                + (trace.Antithetic ? "; their pairs are left out whole" : "")
                + $"; the estimate is from the other {usedChains}. Lower the step size or raise the localization.");
        }
        if (negativeIsFault && estimate.Rllc < 0 && estimate.Rllc < -options.NegativeErrors * estimate.RllcStdErr)
            return (RllcStatus.Negative,
                $"the estimate {estimate.Rllc:g3} lies {Math.Abs(estimate.Rllc / estimate.RllcStdErr):g2} standard errors below "
                + "zero: the sampled weights do better than the trained ones, so these are no local minimum at this scale.");
        if (Unreached(trace) is { Length: > 0 } unreached)
            return (RllcStatus.NotConverged, unreached);
        if (NotConverged(estimate, evidence, options) is { Length: > 0 } reason)
            return (RllcStatus.NotConverged, reason);
        return (RllcStatus.Ok, "");
    }

    private static string Unreached(LossTrace trace) =>
        trace.Divergences is { } byChain && byChain.Sum() is var sum and > 0
            ? $"{sum} {(sum == 1 ? "trajectory" : "trajectories")} diverged ({string.Join(", ", byChain)} by chain): "
                + "where the posterior is too steep for the step none is accepted, and what lies there is missing from the estimate. "
                + "Lower the step size."
            : "";

    private static string NotConverged(RllcEstimate estimate, ChainEvidence evidence, EstimationOptions options)
    {
        if (!double.IsFinite(estimate.RllcStdErr))
            return $"{estimate.DrawsUsed} draws are too few for a standard error; draw more.";
        if (double.IsNaN(estimate.RHat))
            return estimate.DrawsUsed < 4
                ? $"{estimate.DrawsUsed} draws are too few to compare the halves of a chain; draw more."
                : "the draws never differ: the component does not move, or does not matter to the loss.";
        // Rounding wanders like a chain, so R-hat and the error have nothing against it.
        if (evidence.IsRounding)
            return "no draw's loss differs from that of the trained weights by more than rounding: the chains hardly move, or the "
                + "component does not matter to the loss. Raise the step size, and leave the noise level at 1.";
        List<string> reasons = [];
        if (estimate.RHat > options.MaxRHat)
            reasons.Add($"the chains disagree (R-hat {estimate.RHat:f2}, at most {options.MaxRHat:g3} is wanted)");
        if (options.MinEss > 0 && !(estimate.Ess >= options.MinEss))
            reasons.Add(double.IsNaN(estimate.Ess)
                ? $"{estimate.DrawsUsed} draws are too few for an effective sample size"
                : $"the draws are worth only {estimate.Ess:f0} independent ones ({options.MinEss:g3} are wanted)");
        if (Math.Abs(estimate.Drift) > options.MaxDrift * Math.Abs(estimate.Rllc)
            && Math.Abs(estimate.Drift) > options.DriftErrors * evidence.DriftError)
            reasons.Add($"the losses still drift (second half minus first half is {estimate.Drift:g2}, "
                + $"the estimate {estimate.Rllc:g3})");
        if (Math.Abs(estimate.Transient) > options.MaxTransient * evidence.StandardError)
            reasons.Add($"the chains' way from the trained weights is in the draws ({estimate.Transient:g2} of the estimate "
                + $"{estimate.Rllc:g3}, beside a standard error of {evidence.StandardError:g2}); the first "
                + $"{Math.Ceiling(TimesToSettle * evidence.Tau)} draws are of it");
        return reasons.Count == 0
            ? ""
            : string.Join("; ", reasons) + ". Draw more, or discard the first draws.";
    }
}
