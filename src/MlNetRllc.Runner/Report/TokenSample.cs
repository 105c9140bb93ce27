namespace MlNetRllc.Runner.Report;

/// <summary>A token of a probe set in its context: one that a head answers to most or least, or one at a decile.</summary>
/// <param name="Component">The head.</param>
/// <param name="Dataset">What its chains were sampled on.</param>
/// <param name="Probe">The probe set that the token is of.</param>
/// <param name="Kind">top, bottom or decile.</param>
/// <param name="Decile">10 to 90; 0 for another kind.</param>
/// <param name="Context">The context's number in the probe set.</param>
/// <param name="Place">The token's place in the window.</param>
/// <param name="Tokens">The window: what each token stands for.</param>
/// <param name="Values">nbeta times the mean of each token's loss less that of w*, nats; NaN for a context's first token.</param>
/// <param name="Errors">Standard errors of these.</param>
/// <param name="Attention">The head's attention within the window, as <see cref="ReportExampleHead.Packed"/> says it; what it gives
/// to tokens before the window is in no row.</param>
internal sealed record TokenSample(
    string Component, string Dataset, string Probe, string Kind, int Decile, int Context, int Place,
    IReadOnlyList<string> Tokens, IReadOnlyList<double> Values, IReadOnlyList<double> Errors, string Attention);
