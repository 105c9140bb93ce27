using Microsoft.ML.Tokenizers;
using MlNetRllc.Text;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Opens a dataset of text: a card (<c>.yaml</c>), or a file, pattern, folder or address of one's own.</summary>
    /// <param name="cardOrFiles">Where it is.</param>
    /// <param name="options">How it is fetched and read.</param>
    /// <returns>The dataset; its <see cref="TextDataset.View"/> has the columns <c>Text</c> and <c>Document</c>.</returns>
    public TextDataset LoadText(string cardOrFiles, DatasetOptions? options = null) => TextDataset.Load(Context, cardOrFiles, options);

    /// <summary>Learns a byte-level BPE vocabulary and packs documents into contexts of tokens, split into
    /// training and validation by document.</summary>
    /// <param name="outputColumnName">The column of tokens: a vector of Int32, <paramref name="contextLength"/> long.</param>
    /// <param name="inputColumnName">The text column: a document a row.</param>
    /// <param name="vocabularySize">Tokens in the vocabulary, at least 257.</param>
    /// <param name="contextLength">Tokens in each context.</param>
    /// <param name="cancellation">Stops between documents, in the fit and in what it gives.</param>
    public TokenizeTextEstimator TokenizeText(
        string outputColumnName = "Tokens", string inputColumnName = "Text",
        int vocabularySize = 2048, int contextLength = 128,
        CancellationToken cancellation = default)
    {
        var options = new TokenizeTextOptions { VocabularySize = vocabularySize, ContextLength = contextLength };
        return TokenizeText(options, outputColumnName, inputColumnName, cancellation);
    }

    /// <summary>Learns or reads a byte-level BPE vocabulary and packs documents into contexts of tokens.</summary>
    /// <param name="options">Vocabulary, contexts, split.</param>
    /// <param name="outputColumnName">The column of tokens.</param>
    /// <param name="inputColumnName">The text column: a document a row.</param>
    /// <param name="cancellation">Stops between documents, in the fit and in what it gives; a store that was begun leaves nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public TokenizeTextEstimator TokenizeText(
        TokenizeTextOptions options,
        string outputColumnName = "Tokens", string inputColumnName = "Text",
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(Environment, outputColumnName, inputColumnName, options, cancellation: cancellation);
    }

    /// <summary>Packs documents into contexts of the tokens of any tokenizer of Microsoft.ML.Tokenizers.</summary>
    /// <param name="tokenizer">The tokenizer; it should add no tokens of its own at the beginning or end of a text.</param>
    /// <param name="options">Contexts and split; <see cref="TokenizeTextOptions.VocabularySize"/> must hold all
    /// ids, and BOS as the last.</param>
    /// <param name="outputColumnName">The column of tokens.</param>
    /// <param name="inputColumnName">The text column: a document a row.</param>
    /// <param name="cancellation">Stops between documents, in the fit and in what it gives; a store that was begun leaves nothing.</param>
    /// <remarks>A tokenizer given as an object cannot be saved with a model; one given by its files
    /// (<see cref="TokenizeTextOptions.Tokenizer"/>) can.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range, or the tokenizer has
    /// more ids; the message says how many.</exception>
    public TokenizeTextEstimator TokenizeText(
        Tokenizer tokenizer, TokenizeTextOptions options,
        string outputColumnName = "Tokens", string inputColumnName = "Text",
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        if ((options.TokenizerFolder, options.Tokenizer) is not (null, null))
            throw new ArgumentException(
                "A tokenizer is given and the options name another; "
                + "leave TokenizerFolder and Tokenizer unset.", nameof(options));
        var given = LibraryTokenizer.Wrap(tokenizer, options.VocabularySize);
        return new(Environment, outputColumnName, inputColumnName, options, given, cancellation);
    }

    /// <summary>A loader of text files for ML.NET: documents as rows with the columns <c>Text</c> and
    /// <c>Document</c>, saved with <c>Model.Save</c>.</summary>
    /// <param name="options">How files become documents.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public TextDocumentLoader CreateTextLoader(TextDocumentOptions? options = null) => new(Environment, options ?? new());
}
