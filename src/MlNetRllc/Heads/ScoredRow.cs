using MlNetRllc.Core.Heads;

namespace MlNetRllc.Heads;

/// <summary>What is known of one row's head; null where the row could not be scored.</summary>
/// <param name="All">Scores of its checkpoint.</param>
/// <param name="Head">Its head's scores; null when the component is no head.</param>
/// <param name="Tokens">Classes of the tokens that the head matters for.</param>
/// <param name="Memorised">Multigrams that the head has memorised.</param>
/// <param name="Hessian">Trace of the head's Hessian.</param>
/// <param name="Fisher">Trace of the head's empirical Fisher information.</param>
/// <param name="Status">Empty, or why scores are missing.</param>
internal sealed record ScoredRow(
    HeadScores? All,
    HeadScore? Head,
    TokenCounts? Tokens,
    int? Memorised,
    ComponentTrace? Hessian,
    ComponentTrace? Fisher,
    string Status)
{
    /// <summary>What was not measured, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
