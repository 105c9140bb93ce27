using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Options;
using MlNetRllc.Foundation;
using MlNetRllc.Text.Documents;

namespace MlNetRllc.Text.Tokens;

/// <summary>Learns a byte-level BPE vocabulary from text, or reads one, and packs documents into contexts of tokens.</summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Output column</term><description>Type</description></listheader>
/// <item><term>Tokens (or the name chosen)</term><description>vector of Int32 of known size: one context, [pos]</description></item>
/// <item><term>Split</term><description>text: train or validation</description></item>
/// </list>
/// Rows are contexts, no longer documents, so the input's columns do not go on.
/// </remarks>
public sealed class TokenizeTextEstimator : IEstimator<TokenizeTextTransformer>
{
    private const string Name = "TokenizeText";
    private readonly IHost host;
    private readonly string output;
    private readonly ColumnNeed input;
    private readonly TokenizeTextOptions options;
    private readonly LibraryTokenizer? given;
    private readonly Stopping stopping;

    internal TokenizeTextEstimator(
        IHostEnvironment environment, string outputColumnName, string inputColumnName,
        TokenizeTextOptions options, LibraryTokenizer? given = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(inputColumnName);
        if (outputColumnName == RllcColumns.Split)
            throw new ArgumentException(
                "The tokens' column cannot be named 'Split': "
                + "that is the name of the other output.", nameof(outputColumnName));
        if (options.TokenizerFolder is not null && options.Tokenizer is not null)
            throw new ArgumentException("TokenizerFolder and Tokenizer both name a tokenizer; set one of them.", nameof(options));
        host = environment.Register(Name);
        (this.given, stopping) = (given, new(host, cancellation));
        (output, input, this.options) = (outputColumnName, ColumnNeed.Text(inputColumnName), options.Validated());
    }

    /// <summary>Learns the vocabulary from the text column, or reads it from
    /// <see cref="TokenizeTextOptions.TokenizerFolder"/> or
    /// <see cref="TokenizeTextOptions.Tokenizer"/>.</summary>
    /// <exception cref="ArgumentException">The column is missing or not text, or the text supports only a
    /// smaller vocabulary (the message says which).</exception>
    public TokenizeTextTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        this.input.Check(input.Schema, Name);
        using var channel = host.Start(Name);
        var tokenizer = given ?? FromFiles() ?? Learned(input);
        channel.Info($"Vocabulary of {tokenizer.VocabularySize} tokens, BOS is {tokenizer.BosId}.");
        // The transformer is saved with the tokenizer's files and their kind, also where a folder named them.
        var kept = tokenizer is LibraryTokenizer { Files: { } files }
            ? options with { Tokenizer = files, TokenizerFolder = null } : options;
        return new TokenizeTextTransformer(host, output, this.input.Name, kept, tokenizer, stopping.Token);
    }

    private ByteLevelTokenizer Learned(IDataView text) =>
        ByteLevelTokenizer.Train(
            TextColumn.Read(text, input.Name).Select(document => document.ToString()), options.VocabularySize,
            options.SampleCharacters, options.MinimumPairCount, options.SampleSeed,
            stopping.ThrowIfAsked);

    private TextTokenizer? FromFiles()
    {
        var published = options.Tokenizer ?? (options.TokenizerFolder is { } saved ? LibraryTokenizer.SavedIn(saved) : null);
        return published is not null ? LibraryTokenizer.Load(published, options.VocabularySize)
            : options.TokenizerFolder is { } folder ? ByteLevelTokenizer.Load(folder, options.VocabularySize) : null;
    }

    /// <summary>The columns that the contexts will have.</summary>
    /// <exception cref="ArgumentException">The text column is missing or not text.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        input.Check(inputSchema, Name);
        var (length, vocabulary) = (options.ContextLength, options.VocabularySize);
        return SchemaShape.Create(ContextDataView.SchemaOf(output, length, vocabulary, bos: vocabulary - 1));
    }
}
