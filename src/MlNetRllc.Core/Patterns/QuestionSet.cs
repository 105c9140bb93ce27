using MlNetRllc.Core.Contexts;

namespace MlNetRllc.Core.Patterns;

/// <summary>Contexts made to ask one thing.</summary>
/// <param name="Contexts">The contexts.</param>
/// <param name="Patterns">Which of their tokens ask it, and which to compare these with.</param>
public sealed record QuestionSet(ContextSet Contexts, IReadOnlyList<PickedTokens> Patterns);
