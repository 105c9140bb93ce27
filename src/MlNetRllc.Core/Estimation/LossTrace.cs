using System.Text.Json.Serialization;

namespace MlNetRllc.Core.Estimation;

/// <summary>What sampling one component at one checkpoint on one dataset gives: the losses along
/// its chains.</summary>
/// <remarks>
/// All chains meet the same minibatches. <see cref="BaselineLosses"/> are the losses of the
/// unperturbed weights w* on those very minibatches, so that the noise of a minibatch cancels in
/// the difference.
/// </remarks>
public sealed record LossTrace
{
    /// <summary>The sampled component, such as <c>l0h3</c>.</summary>
    public required string Component { get; init; }

    /// <summary>Number of sampled weights.</summary>
    public required int Dimension { get; init; }

    /// <summary>What multiplied the loss while sampling (n beta), dimensionless.</summary>
    public required double NBeta { get; init; }

    /// <summary>Number of chains.</summary>
    public required int Chains { get; init; }

    /// <summary>Number of recorded draws for each chain: fewer than were asked for, where a wanted
    /// standard error was reached before.</summary>
    public required int Draws { get; init; }

    /// <summary>Minibatch loss at each draw, before its step; [chain, draw], row-major, nats per
    /// token. NaN from the draw on at which a chain diverged.</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>Loss of w* on the minibatch of each draw; [draw], nats per token.</summary>
    public required IReadOnlyList<double> BaselineLosses { get; init; }

    /// <summary>Mean probability with which a Metropolis step would accept the chain's proposals,
    /// [chain], 0 to 1; about 0.9 is wanted.</summary>
    public required IReadOnlyList<double> MalaAcceptance { get; init; }

    /// <summary>The draw at which, or on the way to which, each chain stopped being finite (0 when
    /// in the burn-in), or -1; [chain].</summary>
    public required IReadOnlyList<int> DivergedAt { get; init; }

    /// <summary>Of an exact sampler, its trajectories after the burn-in that diverged, [chain]: whose energy went up by more than 1000,
    /// or that left the finite numbers. Null for samplers that refuse nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Divergences { get; init; }

    /// <summary>Whether chains 2p and 2p + 1 are a pair of opposite noise: pairs are independent of
    /// each other then, chains are not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Antithetic { get; init; }

    /// <summary>Whether the loss's gradient was left out: no data moved the chains then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Control { get; init; }

    /// <summary>What the chains did to probe sets, a trace a set; null where none was observed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProbeTrace>? Observations { get; init; }
}
