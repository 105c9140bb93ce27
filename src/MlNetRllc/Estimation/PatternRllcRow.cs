namespace MlNetRllc.Estimation;

/// <summary>What one pattern of tokens says of a component: a row of the table that <c>EstimatePatternRllc</c> gives.</summary>
public sealed class PatternRllcRow
{
    /// <summary>Training step of the checkpoint.</summary>
    public int Step { get; set; }

    /// <summary>The sampled component, such as <c>l0h3</c>.</summary>
    public string Component { get; set; } = "";

    /// <summary>Name of the dataset that is sampled.</summary>
    public string Dataset { get; set; } = "";

    /// <summary>Name of the probe set.</summary>
    public string Probe { get; set; } = "";

    /// <summary>Name of the pattern; <c>all</c> is the whole set.</summary>
    public string Pattern { get; set; } = "";

    /// <summary>Tokens of the pattern.</summary>
    public int Tokens { get; set; }

    /// <summary>Mean loss of the trained weights over them, nats.</summary>
    public double BaselineLoss { get; set; }

    /// <summary>nbeta times the mean rise of their loss under the component's chains, dimensionless.</summary>
    public double Rllc { get; set; }

    /// <summary>Its standard error from the chains, with the texts fixed, in units of rLLC.</summary>
    public double RllcStdErr { get; set; }

    /// <summary>Its standard error from the choice of texts, by bootstrap over contexts, in units of rLLC.</summary>
    public double TextStdErr { get; set; }

    /// <summary>Rank-normalised split R-hat, dimensionless.</summary>
    public double RHat { get; set; }

    /// <summary>Bulk effective sample size, over all chains, in draws.</summary>
    public double Ess { get; set; }

    /// <summary>Rllc over that of the whole probe set, dimensionless; NaN where that one lies within three errors of 0.</summary>
    public double Profile { get; set; }

    /// <summary>Standard error of the profile from the chains, dimensionless.</summary>
    public double ProfileStdErr { get; set; }

    /// <summary>Standard error of the profile from the choice of texts, dimensionless.</summary>
    public double ProfileTextStdErr { get; set; }

    /// <summary>Two-sided p-value of a profile of 1, both errors together, 0 to 1.</summary>
    public double PValue { get; set; }

    /// <summary>The least false discovery rate over the table, 0 to 1, at which the profile is told from 1 (Benjamini and Hochberg,
    /// 1995).</summary>
    public double QValue { get; set; }

    /// <summary>Who sets the value, dimensionless: 1 the data, near 0 the prior; of antithetic chains alone.</summary>
    public double DataShare { get; set; }

    /// <summary>Its standard error, dimensionless.</summary>
    public double DataShareStdErr { get; set; }

    /// <summary>ok, not-converged, diverged, failed or missing (no token has the pattern).</summary>
    public string Status { get; set; } = "";

    /// <summary>Why; empty when ok.</summary>
    public string StatusReason { get; set; } = "";
}
