namespace MlNetRllc.Core.Estimation;

/// <summary>The refined local learning coefficient of a component, observed on the tokens of a pattern, with two errors: of the
/// chains with the texts fixed, and of the texts.</summary>
/// <remarks>
/// <para>rLLC(C, p) = nbeta (E_C[l_p] - l_p(w*)), l_p the mean loss of the pattern's tokens in a probe set, under the chains of C on
/// the sampled dataset: one set of chains answers for every pattern. (The data-refined coefficient proper has the pattern in the
/// sampled loss as well: mask the dataset's tokens for it.)</para>
/// <para>The <b>profile</b> is that value over the component's own value for the whole probe set: 1 where the component matters as it
/// does everywhere; it may be negative.</para>
/// </remarks>
public sealed record PatternRllc
{
    /// <summary>Name of the probe set.</summary>
    public required string Probe { get; init; }

    /// <summary>Name of the pattern; <see cref="ProbeTrace.WholeSet"/> is the whole set.</summary>
    public required string Pattern { get; init; }

    /// <summary>Tokens of the pattern.</summary>
    public required int Tokens { get; init; }

    /// <summary>Mean loss of w* over them, nats; NaN without tokens.</summary>
    public required double BaselineLoss { get; init; }

    /// <summary>The estimate of the pattern; its error is that of the chains with the texts fixed
    /// (<see cref="ChainStandardError"/>).</summary>
    /// <remarks>A value below zero is no fault here: the component may work against a pattern.</remarks>
    public required RllcEstimate Estimate { get; init; }

    /// <summary>Standard error that comes from the choice of texts, in units of rLLC: bootstrap over contexts, since the tokens of a
    /// context are not independent. NaN where fewer than 2 contexts have the pattern.</summary>
    public required double TextStdErr { get; init; }

    /// <summary>The estimate over that of the whole set, dimensionless; NaN where that one lies within three errors of 0.</summary>
    public required double Profile { get; init; }

    /// <summary>Standard error of <see cref="Profile"/> from the chains: of a ratio whose parts share draws.</summary>
    public required double ProfileStdErr { get; init; }

    /// <summary>Standard error of the profile from the choice of texts, dimensionless.</summary>
    public required double ProfileTextStdErr { get; init; }

    /// <summary>Whether the data or the pull set the estimate: near 1, or near 0; NaN where the chains walk in no pairs
    /// (<see cref="LossTrace.Antithetic"/>).</summary>
    public required DataShare DataShare { get; init; }

    /// <summary>Two-sided p-value of a profile of 1, 0 to 1: both errors together, by the normal distribution; NaN where there is no
    /// profile, and for the whole set.</summary>
    public required double PValue { get; init; }
}
