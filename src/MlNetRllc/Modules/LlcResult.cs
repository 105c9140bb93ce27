using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Modules;

/// <summary>The learning coefficient of one selection of a module's parameters.</summary>
/// <example>
/// <code>
/// using static TorchSharp.torch.nn;
/// using MlNetRllc.Modules;
///
/// var ml = new MLContext(seed: 1);
/// float[] angles = [.. Enumerable.Range(0, 32).Select(i => 0.2f * i)];
/// var table = ml.Data.LoadFromEnumerable(angles.Select(a => new { X = a, Label = MathF.Sin(a) }).ToList());
/// using var module = Linear(1, 1);
/// var fitted = ml.Transforms.Concatenate("Features", "X")
///     .Append(ml.Rllc.EstimateLlc(module, (y, label) => functional.mse_loss(y.squeeze(-1), label), new()
///     {
///         Sampling = new() { Chains = 2, Draws = 20, BatchSize = 8 },
///     }))
///     .Fit(table);
/// foreach (LlcResult part in fitted.LastTransformer.Results)
///     Console.WriteLine($"{part.Selection}: {part.Llc:0.00} +- {part.LlcStdErr:0.00} ({part.Status})");
/// </code>
/// </example>
public sealed record LlcResult
{
    /// <summary>Name of the selection.</summary>
    public string Selection { get; init; } = "";

    /// <summary>Number of sampled weights.</summary>
    public int Dimension { get; init; }

    /// <summary>The estimate, dimensionless; NaN when there is none.</summary>
    public double Llc { get; init; }

    /// <summary>Its standard error, in units of <see cref="Llc"/>.</summary>
    public double LlcStdErr { get; init; }

    /// <summary>Rank-normalised split R-hat, dimensionless; close to 1 when the chains agree.</summary>
    public double RHat { get; init; }

    /// <summary>Bulk effective sample size, over all chains, in draws.</summary>
    public double Ess { get; init; }

    /// <summary>ok, not-converged, negative, diverged or failed.</summary>
    public string Status { get; init; } = "";

    /// <summary>Why; empty when ok.</summary>
    public string StatusReason { get; init; } = "";

    /// <summary>What multiplied the loss while sampling (n beta), dimensionless.</summary>
    public double NBeta { get; init; }

    /// <summary>Strength of the pull towards the trained weights (gamma), per squared weight.</summary>
    public double Localization { get; init; }

    /// <summary>Step size (epsilon), in units of a squared weight.</summary>
    public double StepSize { get; init; }

    internal static LlcResult From(string name, int dimension, SgldOptions sampling, RllcEstimate e) => new()
    {
        Selection = name,
        Dimension = dimension,
        NBeta = sampling.NBeta,
        Localization = sampling.Localization,
        StepSize = sampling.StepSize,
        Llc = e.Rllc,
        LlcStdErr = e.RllcStdErr,
        RHat = e.RHat,
        Ess = e.Ess,
        Status = e.Status.ToWord(),
        StatusReason = e.Reason,
    };
}
