namespace MlNetRllc.Core.Estimation;

/// <summary>A word on whether an estimate can be used; the reason stands beside it.</summary>
public enum RllcStatus
{
    /// <summary>Converged, finite, positive.</summary>
    Ok,

    /// <summary>The chains disagree, still drift, hold too few independent draws, do not move, or do not reach all of the
    /// posterior.</summary>
    NotConverged,

    /// <summary>The estimate lies below zero by more than its error: w* is not a local minimum at
    /// this scale.</summary>
    Negative,

    /// <summary>At least one chain stopped being finite; the others are used, if any are left.</summary>
    Diverged,

    /// <summary>Nothing was sampled; the reason says why.</summary>
    Failed,

    /// <summary>There is nothing to estimate of: a pattern without tokens.</summary>
    Missing,
}

/// <summary>Statuses as the tables write them.</summary>
public static class RllcStatusWords
{
    /// <summary>The status in the field's words: <c>ok</c>, <c>not-converged</c>, <c>negative</c>,
    /// <c>diverged</c>, <c>failed</c>, <c>missing</c>.</summary>
    public static string ToWord(this RllcStatus status) => status switch
    {
        RllcStatus.Ok => "ok",
        RllcStatus.NotConverged => "not-converged",
        RllcStatus.Negative => "negative",
        RllcStatus.Diverged => "diverged",
        RllcStatus.Failed => "failed",
        RllcStatus.Missing => "missing",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "There is no such status."),
    };
}

/// <summary>The refined local learning coefficient of one component, with its error and the
/// diagnostics of its chains.</summary>
/// <example>
/// <code>
/// using MlNetRllc.Core.Estimation;
///
/// var trace = new LossTrace
/// {
///     Component = "l0h3", Dimension = 64, NBeta = 30, Chains = 2, Draws = 4,
///     Losses = [2.10, 2.12, 2.11, 2.13, 2.11, 2.10, 2.12, 2.12],
///     BaselineLosses = [2.08, 2.10, 2.09, 2.10],
///     MalaAcceptance = [0.9, 0.9], DivergedAt = [-1, -1],
/// };
/// var estimate = RllcEstimation.Estimate(trace, new());
/// Console.WriteLine($"{estimate.Rllc:0.00} +- {estimate.RllcStdErr:0.00} ({estimate.Status.ToWord()})");
/// </code>
/// </example>
public sealed record RllcEstimate
{
    /// <summary>lambda = nbeta (mean of the loss differences); dimensionless.</summary>
    public required double Rllc { get; init; }

    /// <summary>Standard error of <see cref="Rllc"/>, in its units, for autocorrelated chains that share minibatches
    /// (<see cref="ChainStandardError"/>), with <see cref="Transient"/> in quadrature; of antithetic chains, over pair means.</summary>
    public required double RllcStdErr { get; init; }

    /// <summary>Rank-normalised split R-hat, dimensionless; close to 1 when the chains agree; NaN
    /// where no draw differs. Of antithetic chains, of pair means.</summary>
    public required double RHat { get; init; }

    /// <summary>Bulk effective sample size of the loss differences, over all chains, in draws.</summary>
    /// <remarks>It takes the chains to be independent. They share minibatches, so it overstates
    /// what is known when little of the difference is a chain's own; <see cref="RllcStdErr"/>
    /// counts what they share. Antithetic chains count as pairs, their draws as means of
    /// two.</remarks>
    public required double Ess { get; init; }

    /// <summary>Mean Metropolis acceptance over the chains, 0 to 1.</summary>
    public required double MalaAcceptance { get; init; }

    /// <summary>Largest absolute Geweke z-score over the chains, or over antithetic pairs' means.</summary>
    public required double Geweke { get; init; }

    /// <summary>Share of draws whose loss lies below the baseline.</summary>
    public required double NegativeShare { get; init; }

    /// <summary>Second half's mean minus first half's mean, in units of rLLC.</summary>
    public required double Drift { get; init; }

    /// <summary>The part of <see cref="Rllc"/> that comes from the chains' way from w*, in its units: q times the mean of
    /// exp(-t/tau), fitted to the mean over chains. 0 where it cannot be told from noise.</summary>
    public double Transient { get; init; }

    /// <summary>The estimate of each chain alone, [chain], in units of rLLC; NaN for a chain that
    /// diverged. Has that of its antithetic partner too, which <see cref="Rllc"/> leaves
    /// out.</summary>
    public IReadOnlyList<double> ChainRllcs { get; init; } = [];

    /// <summary>Draws of each chain that went into the estimate.</summary>
    public int DrawsUsed { get; init; }

    /// <summary>Whether the estimate can be used.</summary>
    public required RllcStatus Status { get; init; }

    /// <summary>Why <see cref="Status"/> is what it is; empty when it is
    /// <see cref="RllcStatus.Ok"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>What stands where nothing could be estimated: NaN throughout, and the reason.</summary>
    public static RllcEstimate None(RllcStatus status, string reason) => new()
    {
        Rllc = double.NaN,
        RllcStdErr = double.NaN,
        RHat = double.NaN,
        Ess = double.NaN,
        MalaAcceptance = double.NaN,
        Geweke = double.NaN,
        NegativeShare = double.NaN,
        Drift = double.NaN,
        Status = status,
        Reason = reason,
    };
}
