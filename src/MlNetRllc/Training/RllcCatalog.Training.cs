using MlNetRllc.Core.Options;
using MlNetRllc.Training;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Trains an attention-only transformer of the paper's shape for as many steps as the paper, on contexts of tokens; see
    /// <see cref="LanguageModelEstimator"/> for the columns. The seed is the context's, where it has one.</summary>
    /// <param name="tokensColumnName">The column of tokens, a vector of Int32 of known size.</param>
    public LanguageModelEstimator TrainAttentionOnlyTransformer(string tokensColumnName = "Tokens") =>
        TrainAttentionOnlyTransformer(tokensColumnName, Seed is { } seed ? new() { Seed = seed } : new());

    /// <summary>Trains an attention-only transformer on contexts of tokens; see
    /// <see cref="LanguageModelEstimator"/> for the columns.</summary>
    /// <param name="tokensColumnName">The column of tokens, a vector of Int32 of known size.</param>
    /// <param name="options">Shape, training, checkpoints, optional columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public LanguageModelEstimator TrainAttentionOnlyTransformer(string tokensColumnName, LanguageModelOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tokensColumnName);
        var chosen = options.Validated();
        chosen.Shape.Validated();
        chosen.Training.Validated();
        return new(Environment, tokensColumnName, chosen);
    }
}
