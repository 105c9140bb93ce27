namespace MlNetRllc.Core.Heads;

/// <summary>How much worse a model predicts the tokens of a pattern without one of its heads.</summary>
/// <param name="Head">The head, such as <c>l1h4</c>.</param>
/// <param name="Pattern">Name of the pattern; <see cref="HeadsOnProbe.WholeSet"/> is the whole set.</param>
/// <param name="Tokens">Tokens of the pattern.</param>
/// <param name="Rise">Mean rise of their loss with the head's mean output in place of its own, nats, with the standard error over
/// contexts; missing without tokens.</param>
/// <param name="Profile">The rise over that of the whole set, dimensionless: 1 where the head matters as it does everywhere, negative
/// where it does harm; NaN where the whole set's rise lies within three errors of 0.</param>
public sealed record PatternAblation(string Head, string Pattern, int Tokens, Measured Rise, double Profile);
