using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Estimation;

namespace MlNetRllc.Runner.Tables;

/// <summary>A row of <c>checkpoints.csv</c>; losses in nats per token.</summary>
internal sealed record CheckpointLossRow(int Step, double TrainLoss, double ValidationLoss, string Checkpoint = "");

/// <summary>A row of <c>rllc.csv</c>: one estimate with the diagnostics of its chains.</summary>
internal sealed record RllcRow
{
    public required int Step { get; init; }

    public required string Component { get; init; }

    public required string Dataset { get; init; }

    public required double Rllc { get; init; }

    public required double RllcStdErr { get; init; }

    public required double RHat { get; init; }

    public required double Ess { get; init; }

    public required double Geweke { get; init; }

    public required double NegativeShare { get; init; }

    public required double Drift { get; init; }

    /// <summary>1 where the data set the estimate, near 0 where the prior does; NaN where no pairs of chains were observed.</summary>
    public double DataShare { get; init; } = double.NaN;

    public double DataShareStdErr { get; init; } = double.NaN;

    /// <summary>ok, not-converged, negative, diverged or failed.</summary>
    public required string Status { get; init; }

    public required string StatusReason { get; init; }

    /// <summary>Whether something may be stated from it.</summary>
    public bool IsOk => Status == RllcStatus.Ok.ToWord() && double.IsFinite(Rllc);
}

/// <summary>A row of <c>traces.parquet</c>: the losses along the chains of one estimate.</summary>
/// <param name="Step">Checkpoint.</param>
/// <param name="Component">Such as <c>l0h3</c>.</param>
/// <param name="Dataset">Text that was sampled on.</param>
/// <param name="NBeta">What multiplied the loss.</param>
/// <param name="Chains">Number of chains.</param>
/// <param name="Draws">Recorded draws a chain.</param>
/// <param name="Losses">[chain, draw], row-major, nats per token.</param>
/// <param name="BaselineLosses">[draw], nats per token.</param>
/// <param name="MalaAcceptance">[chain].</param>
/// <param name="Antithetic">Whether chains 2p and 2p + 1 are pairs of opposite noise.</param>
internal sealed record EstimatedTrace(int Step, string Component, string Dataset, double NBeta, int Chains, int Draws,
    IReadOnlyList<double> Losses, IReadOnlyList<double> BaselineLosses, IReadOnlyList<double> MalaAcceptance,
    bool Antithetic = false)
{
    /// <summary>The trace that was estimated from.</summary>
    public LossTrace ToLossTrace() =>
        RllcTransformer.TraceOf(Component, [.. Losses], [.. BaselineLosses], [.. MalaAcceptance], NBeta, Antithetic);
}

/// <summary>A row of <c>clusters.csv</c>.</summary>
/// <param name="Component">The head whose curve it is.</param>
/// <param name="Cluster">From 1.</param>
/// <param name="Silhouette">In -1..1; near 1 when the curve fits its cluster.</param>
/// <param name="Distances">To each centre, in order.</param>
/// <param name="Curve">The curve as it was clustered, one value a checkpoint; channel after channel where there are several.</param>
internal sealed record ClusterRow(
    string Component, int Cluster, double Silhouette, IReadOnlyList<double> Distances, IReadOnlyList<double> Curve);
