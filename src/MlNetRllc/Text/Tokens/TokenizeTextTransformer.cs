using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Foundation;
using MlNetRllc.Text;
using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Tokens;

[assembly: LoadableClass(typeof(TokenizeTextTransformer), typeof(TokenizeTextTransformer), null, typeof(SignatureLoadModel),
    "Text to contexts of tokens", TokenizeTextTransformer.LoaderName)]

namespace MlNetRllc.Text.Tokens;

/// <summary>Turns documents into contexts of tokens with a fitted vocabulary; any text may be given, not only that of the fit.</summary>
/// <remarks>Lazy: each cursor reads and tokenizes the documents anew, in parallel and in bounded memory, unless
/// <see cref="TokenizeTextOptions.StoreFolder"/> keeps the tokens. Columns as for
/// <see cref="TokenizeTextEstimator"/>. Documents are laid end to end, each begun by BOS, apart for each split; tokens that do not
/// fill the last context of a split are left out.</remarks>
public sealed class TokenizeTextTransformer : ITransformer, IStoppable
{
    internal const string LoaderName = "RllcTokenizeText";
    private const string Signature = "RLLCTOKN";
    private readonly IHost host;
    private readonly Settings settings;
    private readonly Stopping stopping;

    internal TokenizeTextTransformer(
        IHostEnvironment environment, string output, string input,
        TokenizeTextOptions options, TextTokenizer tokenizer,
        CancellationToken cancellation = default)
    {
        host = environment.Register("TokenizeText");
        settings = new(output, input, options);
        stopping = new(host, cancellation);
        Tokenizer = tokenizer;
    }

    /// <summary>The vocabulary, to encode, decode and save as files.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>The options fitted with.</summary>
    public TokenizeTextOptions Options => settings.Options;

    /// <summary>False: documents become contexts, several of each.</summary>
    public bool IsRowToRowMapper => false;

    /// <summary>The columns of the contexts.</summary>
    /// <exception cref="ArgumentException">The text column is missing or not text.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ColumnNeed.Text(settings.Input).Check(inputSchema, "TokenizeText");
        return ContextDataView.SchemaOf(settings.Output, settings.Options.ContextLength, Tokenizer.VocabularySize, Tokenizer.BosId);
    }

    /// <summary>The contexts of the documents in <paramref name="input"/>.</summary>
    /// <returns>A table; of a store (<see cref="TokenizeTextOptions.StoreFolder"/>) it is an <see cref="IDisposable"/> that closes the
    /// store's files.</returns>
    /// <exception cref="ArgumentException">The text column is missing or not text.</exception>
    /// <exception cref="InvalidOperationException">Thrown by a cursor at its end: the documents together fill no context.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (settings.Options.StoreFolder is { } folder)
        {
            // Made when first read, once: a view that nobody reads costs nothing.
            var writer = new TokenStoreWriter(folder, Tokenizer, settings.Options, stopping, Warn);
            var store = new Once<TokenStore>(() => writer.OpenOrCreate(() => Documents(input)));
            return new ContextDataView(GetOutputSchema(input.Schema), () => stopping.Heeding(store.Value.Rows()), store);
        }
        var packer = new ContextPacker(Tokenizer, settings.Options, stopping);
        return new ContextDataView(GetOutputSchema(input.Schema), () => packer.Pack(Documents(input)));
    }

    private void Warn(string message)
    {
        using var channel = host.Start("tokenizing");
        channel.Warning(message);
    }

    ITransformer IStoppable.With(IHostEnvironment environment, CancellationToken cancellation) =>
        new TokenizeTextTransformer(environment, settings.Output, settings.Input, settings.Options, Tokenizer, cancellation);

    private IEnumerable<ReadOnlyMemory<char>> Documents(IDataView input) => stopping.Heeding(TextColumn.Read(input, settings.Input));

    /// <summary>Always throws: documents do not map to contexts one to one.</summary>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        throw new InvalidOperationException(
            "TokenizeText gives several contexts a document, so it does not map single rows; use Transform.");

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ModelFile.Begin(ctx, Signature, LoaderName);
        ctx.WriteJson(settings, TokensJson.Default.Kept<Settings>());
        ctx.SaveBinaryStream("tokenizer", Tokenizer.Write);
    }

    private static TokenizeTextTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ModelFile.Check(ctx, Signature, LoaderName);
        var settings = ctx.ReadJson(TokensJson.Default.Kept<Settings>());
        var tokenizer = ctx.ReadStream<TextTokenizer>("tokenizer", reader => settings.Options.Tokenizer is { } files
            ? LibraryTokenizer.Read(reader, files, settings.Options.VocabularySize)
            : new ByteLevelTokenizer(BytePairVocabulary.Read(reader)));
        return new(environment, settings.Output, settings.Input, settings.Options, tokenizer);
    }

    internal sealed record Settings(string Output, string Input, TokenizeTextOptions Options);
}
