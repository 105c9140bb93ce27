using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Contexts;

/// <summary>What a model and a batch ask of a text; what does not fit is refused in the same words
/// wherever it is met.</summary>
public static class ContextFit
{
    /// <summary>Asks for token ids that the model has.</summary>
    /// <param name="text">What is asked, as it begins a sentence, such as
    /// <c>The dataset 'docs'</c>.</param>
    /// <param name="largestToken">The largest token id that occurs in it.</param>
    /// <param name="config">The model's shape.</param>
    /// <exception cref="ArgumentException">An id lies beyond the vocabulary.</exception>
    public static void Tokens(string text, int largestToken, TransformerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (largestToken >= config.VocabularySize)
            throw new ArgumentException(
                $"{text} holds the token id {largestToken}; the model's vocabulary has {config.VocabularySize} tokens. "
                + "Tokenize it with the model's tokenizer.").About(ErrorPage.TextOfAnotherModel);
    }

    /// <summary>Asks for contexts that the model can read.</summary>
    /// <param name="text">As of <see cref="Tokens"/>.</param>
    /// <param name="contextLength">Tokens in each context.</param>
    /// <param name="config">The model's shape.</param>
    /// <exception cref="ArgumentException">The contexts are longer than the model's.</exception>
    public static void Length(string text, long contextLength, TransformerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (contextLength > config.ContextLength)
            throw new ArgumentException($"{text} has contexts of {contextLength} tokens; "
                + $"the model reads {config.ContextLength} at most.").About(ErrorPage.TextOfAnotherModel);
    }

    /// <summary>Asks for as many contexts as a batch has.</summary>
    /// <param name="text">As of <see cref="Tokens"/>.</param>
    /// <param name="contexts">How many there are.</param>
    /// <param name="batchSize">How many a batch needs.</param>
    /// <exception cref="ArgumentException">There are fewer.</exception>
    public static void Batch(string text, int contexts, int batchSize)
    {
        if (contexts < batchSize)
            throw new ArgumentException(
                $"{text} has {contexts} contexts, fewer than a batch of {batchSize}; give more text or a smaller BatchSize.")
                .About(ErrorPage.FewerContexts);
    }
}
