namespace MlNetRllc.Runner.Pipelines;

/// <summary>A dataset of which only a pattern's tokens count in the sampled loss.</summary>
/// <param name="Of">The dataset whose contexts it has.</param>
/// <param name="Tokens">The pattern's name.</param>
internal sealed record MaskedDataset(string Of, string Tokens);
