using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Calibration;

namespace MlNetRllc.Sampling;

/// <summary>One setting and component: a row of the table that <c>CalibrateSgld</c> gives.</summary>
public sealed class CalibrationTableRow
{
    /// <summary>The component, such as <c>l0h3</c>.</summary>
    public string Component { get; set; } = "";

    /// <summary>Step size (epsilon), in units of a squared weight.</summary>
    public double StepSize { get; set; }

    /// <summary>What multiplied the loss (n beta), dimensionless.</summary>
    public double NBeta { get; set; }

    /// <summary>Strength of the pull towards the trained weights (gamma), per squared weight.</summary>
    public double Localization { get; set; }

    /// <summary>The estimate, dimensionless.</summary>
    public double Rllc { get; set; }

    /// <summary>Its standard error, in units of rLLC.</summary>
    public double RllcStdErr { get; set; }

    /// <summary>Mean Metropolis acceptance over the chains, 0 to 1; NaN where the method has none.</summary>
    public double Acceptance { get; set; }

    /// <summary>Second half's mean minus first half's, in units of rLLC.</summary>
    public double Drift { get; set; }

    /// <summary>Share of draws below the baseline.</summary>
    public double NegativeShare { get; set; }

    /// <summary>Passing peak of the loss differences, as a multiple of their level at the end
    /// (<see cref="CalibrationRow.Spike"/>).</summary>
    public double Spike { get; set; }

    /// <summary>Change of the estimate under a neighbouring step size, as a share of it
    /// (<see cref="CalibrationRow.Sensitivity"/>).</summary>
    public double Sensitivity { get; set; }

    /// <summary>Relative bias of the estimate by the size of the step, where the pull sets the scale
    /// (<see cref="SgldOptions.StepBias"/>); dimensionless.</summary>
    public double StepBias { get; set; }

    /// <summary>Whether the data or the pull set the estimate: near 1, or near 0 (<see cref="CalibrationRow.DataShare"/>);
    /// dimensionless; NaN without a probe set.</summary>
    public double DataShare { get; set; }

    /// <summary>Its standard error; dimensionless.</summary>
    public double DataShareStdErr { get; set; }

    /// <summary>ok, not-converged, negative, diverged or failed.</summary>
    public string Status { get; set; } = "";

    /// <summary>Why; empty when ok.</summary>
    public string StatusReason { get; set; } = "";

    /// <summary>Whether the row belongs to the recommended setting.</summary>
    public bool Recommended { get; set; }
}
