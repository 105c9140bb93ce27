using MlNetRllc.Core.Contexts;

namespace MlNetRllc.Core.Patterns;

/// <summary>Picks the tokens whose loss under the trained weights lies in a range: easy or hard ones.</summary>
/// <param name="Name">See <see cref="ProbePattern.Name"/>.</param>
/// <param name="Description">See <see cref="ProbePattern.Description"/>.</param>
/// <param name="AtLeast">Least loss, nats.</param>
/// <param name="Below">All picked losses are below this, nats.</param>
public sealed record LossRange(string Name, string Description, double AtLeast, double Below) : ProbePattern(Name, Description)
{
    /// <summary>The bounds of the range.</summary>
    public override string Key => FormattableString.Invariant($"loss {AtLeast:R} to {Below:R}");

    /// <inheritdoc/>
    public override bool[] Pick(ContextSet contexts, IReadOnlyList<double> losses) => [.. losses.Select(l => l >= AtLeast && l < Below)];
}
