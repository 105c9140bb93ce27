using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MlNetRllc.Core.Estimation;

/// <summary>What a draw's loss is compared with.</summary>
public enum BaselineKind
{
    /// <summary>The loss of w* on the draw's own minibatch, so that the minibatch's noise
    /// cancels.</summary>
    Paired,

    /// <summary>One mean loss of w* over a few minibatches, as the peer (devinterp) does; for
    /// comparison with its values.</summary>
    Unpaired,
}

/// <summary>How losses along chains become an estimate and a status.</summary>
public sealed record EstimationOptions
{
    /// <summary>What a draw's loss is compared with.</summary>
    [Description("what a draw's loss is compared with: Paired (the loss of w* on the same minibatch) or Unpaired (one mean)")]
    public BaselineKind Baseline { get; init; } = BaselineKind.Paired;

    /// <summary>Minibatches whose baseline losses the unpaired baseline averages: the first ones of
    /// the trace (the paper takes 16). When there are fewer draws, all of them; the estimate is
    /// then the paired one.</summary>
    [Description("minibatches that the unpaired baseline averages"), Range(1, 10_000_000)]
    public int BaselineBatches { get; init; } = 16;

    /// <summary>Recorded draws dropped at the start of each chain (the paper drops none).</summary>
    [Description("recorded draws dropped at the start of each chain"), Range(0, 10_000_000)]
    public int DiscardDraws { get; init; }

    /// <summary>Share of recorded draws dropped at the start of each chain; the larger of this and
    /// <see cref="DiscardDraws"/> counts.</summary>
    [Description("share of recorded draws dropped at the start of each chain"), Range(0.0, 0.9)]
    public double DiscardFraction { get; init; }

    /// <summary>Largest rank-normalised split R-hat of a converged estimate. Vehtari et al. ask for
    /// 1.01 of long chains; a few hundred correlated draws seldom reach it though their error is
    /// known, so the older 1.1 is the default.</summary>
    [Description("largest R-hat of a converged estimate"), Range(1.0, 100.0)]
    public double MaxRHat { get; init; } = 1.1;

    /// <summary>Smallest bulk effective sample size, over all chains, of a converged estimate; 0 asks for none.</summary>
    [Description("smallest effective sample size of a converged estimate, in draws"), Range(0.0, 1e9)]
    public double MinEss { get; init; } = 20;

    /// <summary>Largest drift of a converged estimate, as a share of the estimate, where it also exceeds
    /// <see cref="DriftErrors"/>; at 0, the default, its own error alone decides.</summary>
    [Description("largest second-half minus first-half difference, as a share of the estimate, where it exceeds driftErrors too"),
        Range(0.0, 1e6)]
    public double MaxDrift { get; init; }

    /// <summary>How many of its own standard errors a drift must exceed to count.</summary>
    [Description("standard errors that a drift must exceed to count"), Range(0.0, 1e6)]
    public double DriftErrors { get; init; } = 3;

    /// <summary>Largest part of a converged estimate that comes from the chains' way from w*, in standard errors without it.</summary>
    [Description("largest part of the chains' rise from the trained weights, in standard errors"), Range(0.0, 1e6)]
    public double MaxTransient { get; init; } = 2;

    /// <summary>How many standard errors below zero an estimate must lie to be called negative.</summary>
    [Description("standard errors below zero from which an estimate is called negative"), Range(0.0, 1e6)]
    public double NegativeErrors { get; init; } = 2;

    /// <summary>How many of some draws are left out at the start.</summary>
    internal int Discarded(int draws) => Math.Min(draws, Math.Max(DiscardDraws, (int)Math.Ceiling(DiscardFraction * draws)));
}
