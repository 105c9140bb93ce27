using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Core.Sampling.Calibration;

/// <summary>What one setting gives for one component.</summary>
public sealed record CalibrationRow
{
    /// <summary>The component, such as <c>l0h3</c>.</summary>
    public required string Component { get; init; }

    /// <summary>Step size (epsilon), in units of a squared weight.</summary>
    public required double StepSize { get; init; }

    /// <summary>What multiplied the loss (n beta), dimensionless.</summary>
    public required double NBeta { get; init; }

    /// <summary>Strength of the pull towards the trained weights (gamma), per squared weight.</summary>
    public required double Localization { get; init; }

    /// <summary>The estimate with its diagnostics: error, acceptance, drift, share of negative
    /// draws, status.</summary>
    public required RllcEstimate Estimate { get; init; }

    /// <summary>Largest mean loss difference over any twentieth of the draws (at least 3), divided
    /// by that over the last half; all chains together. Dimensionless: about 1 for a chain that rises to its
    /// level; far above it for one that overshoots. NaN when a chain diverged or the level is not
    /// positive.</summary>
    public required double Spike { get; init; }

    /// <summary>Largest change of the estimate under the next smaller and next larger step size,
    /// beyond two standard errors of the change, as a share of the estimate; NaN when there is no
    /// neighbour with an estimate.</summary>
    public required double Sensitivity { get; init; }

    /// <summary>Relative bias of the estimate by the size of the step, where the pull sets the scale
    /// (<see cref="SgldOptions.StepBias"/>); dimensionless.</summary>
    public required double StepBias { get; init; }

    /// <summary>Whether the data or the pull set the estimate: the share of the first probe set's tokens, near 1 or near 0; NaN
    /// without a probe set, or without antithetic chains.</summary>
    public required DataShare DataShare { get; init; }
}

/// <summary>The table of a calibration and what follows from it.</summary>
public sealed record CalibrationResult
{
    /// <summary>One row a setting and component, in the order of
    /// <see cref="CalibrationOptions.Settings"/>, components within a setting.</summary>
    public required IReadOnlyList<CalibrationRow> Rows { get; init; }

    /// <summary>The recommended setting.</summary>
    public required SgldOptions Recommended { get; init; }

    /// <summary>Why it is recommended, in plain words; it says so when no setting is without
    /// fault.</summary>
    public required string Reason { get; init; }
}
