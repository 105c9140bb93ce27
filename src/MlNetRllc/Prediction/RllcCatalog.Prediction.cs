using MlNetRllc.Core.Options;
using MlNetRllc.Prediction;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;
using MlNetRllc.Training;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Chains a tokenizer and a trained model row by row: text in, losses, likely next tokens,
    /// attention and a continuation out; see <see cref="TextPredictionEstimator"/> for the columns. For
    /// <c>CreatePredictionEngine</c>, and for scoring texts one by one.</summary>
    /// <param name="tokenizer">A fitted <c>TokenizeText</c>: its vocabulary is used.</param>
    /// <param name="model">A model trained on that vocabulary's tokens.</param>
    /// <param name="textColumnName">The text column.</param>
    /// <param name="options">Which columns; the defaults when null.</param>
    /// <param name="cancellation">Stops between rows, and between the tokens of a continuation.</param>
    /// <exception cref="ArgumentException">The model's vocabulary is not the tokenizer's size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public TextPredictionEstimator PredictText(
        TokenizeTextTransformer tokenizer, LanguageModelTransformer model,
        string textColumnName = "Text", TextPredictionOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(textColumnName);
        return new(Environment, textColumnName, tokenizer.Tokenizer, model, (options ?? new()).Validated(), cancellation);
    }
}
