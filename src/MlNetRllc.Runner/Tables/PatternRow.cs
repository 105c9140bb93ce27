namespace MlNetRllc.Runner.Tables;

/// <summary>A row of a table of patterns: the rLLC of one component, sampled on one dataset and observed on the tokens of one pattern
/// of a probe set.</summary>
internal sealed record PatternRow
{
    /// <summary>Training step of the checkpoint.</summary>
    public int Step { get; set; }

    /// <summary>Such as <c>l0h3</c>.</summary>
    public string Component { get; set; } = "";

    /// <summary>Text that was sampled on.</summary>
    public string Dataset { get; set; } = "";

    /// <summary>The probe set.</summary>
    public string Probe { get; set; } = "";

    /// <summary>The pattern; <c>all</c> is the whole probe set.</summary>
    public string Pattern { get; set; } = "";

    /// <summary>Tokens of the pattern.</summary>
    public int Tokens { get; set; }

    /// <summary>Mean loss of the trained weights over them, nats per token; NaN without tokens.</summary>
    public double BaselineLoss { get; set; } = double.NaN;

    public double Rllc { get; set; } = double.NaN;

    /// <summary>Standard error from the chains, with the texts fixed.</summary>
    public double RllcStdErr { get; set; } = double.NaN;

    /// <summary>Standard error of <see cref="Rllc"/> from the choice of texts.</summary>
    public double TextStdErr { get; set; } = double.NaN;

    public double RHat { get; set; } = double.NaN;

    public double Ess { get; set; } = double.NaN;

    /// <summary>The value over that of the whole set; NaN where that one lies within three errors of 0.</summary>
    public double Profile { get; set; } = double.NaN;

    /// <summary>Standard error of <see cref="Profile"/> from the chains.</summary>
    public double ProfileStdErr { get; set; } = double.NaN;

    /// <summary>Standard error of <see cref="Profile"/> from the choice of texts.</summary>
    public double ProfileTextStdErr { get; set; } = double.NaN;

    /// <summary>P-value of a profile of 1.</summary>
    public double PValue { get; set; } = double.NaN;

    /// <summary>The same, with regard to all rows of the table.</summary>
    public double QValue { get; set; } = double.NaN;

    /// <summary>1 where the data set the estimate, near 0 where the pull towards the trained weights does.</summary>
    public double DataShare { get; set; } = double.NaN;

    public double DataShareStdErr { get; set; } = double.NaN;

    /// <summary>ok, not-converged, diverged, failed or missing.</summary>
    public string Status { get; set; } = "";

    public string StatusReason { get; set; } = "";
}
