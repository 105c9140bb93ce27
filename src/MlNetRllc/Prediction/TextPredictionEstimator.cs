using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Foundation;
using MlNetRllc.Text.Tokens;
using MlNetRllc.Training;

namespace MlNetRllc.Prediction;

/// <summary>Reads each row's text with a fitted tokenizer and a trained language model. There is nothing to fit.</summary>
/// <remarks>
/// The model sees BOS and the text's tokens; of a text longer than its context, BOS and the last tokens. With
/// <c>pos</c> the model's context length:
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term>Tokens</term><description>vector of Int32 [pos], slots <c>pos0</c>, ...: what the model sees,
/// BOS first; -1 after the text's end</description></item>
/// <item><term>Loss</term><description>Single: mean loss of the text's tokens, nats per token; NaN for an empty text</description></item>
/// <item><term>TokenLosses</term><description>vector of Single [pos - 1], slots <c>pos1</c>, ...: loss of each
/// token given those before it, nats; NaN after the text's end</description></item>
/// <item><term>NextTokens</term><description>vector of Int32 [k], slots <c>top1</c>, ...: likeliest tokens
/// after the text</description></item>
/// <item><term>NextTokenProbabilities</term><description>vector of Single [k]: their probabilities</description></item>
/// <item><term>NextTokenTexts</term><description>vector of Text [k]: the same as text</description></item>
/// <item><term>Continuation</term><description>Text: drawn after the text, token by token; the same for the
/// same text and seed</description></item>
/// <item><term>Attention</term><description>optional; vector of Single [layer, head, query, key], slots
/// <c>l0h0 q1 k0</c>, ...: where each head looks; 0 after the text's end</description></item>
/// </list>
/// </remarks>
public sealed class TextPredictionEstimator : ComponentEstimator<TextPredictionTransformer>
{
    private readonly Func<TextPredictionTransformer> make;

    internal TextPredictionEstimator(
        IHostEnvironment environment, string text,
        TextTokenizer tokenizer, LanguageModelTransformer model, TextPredictionOptions options,
        CancellationToken cancellation)
        : base(environment, "PredictText")
    {
        if (tokenizer.VocabularySize != model.Config.VocabularySize)
            throw new ArgumentException(
                $"PredictText: the tokenizer has {tokenizer.VocabularySize} tokens, "
                + $"the model {model.Config.VocabularySize}; they must be of one training.");
        make = () => new(environment, text, tokenizer, model.Config, model.Weights, options, cancellation);
        Promised = TextPredictionTransformer.ColumnsOf(model.Config, TextPredictionTransformer.Wanted(options));
        Needs = [ColumnNeed.Text(text)];
    }

    private protected override IReadOnlyList<ColumnNeed> Needs { get; }

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Promised { get; }

    private protected override TextPredictionTransformer FitTo(IDataView input) => make();
}
