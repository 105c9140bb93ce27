using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Options;
using MlNetRllc.Foundation;
using MlNetRllc.Text;
using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;

[assembly: LoadableClass(typeof(TextDocumentLoader), typeof(TextDocumentLoader), null, typeof(SignatureLoadModel),
    "Documents of text files", TextDocumentLoader.LoaderName)]

namespace MlNetRllc.Text.Documents;

/// <summary>How files become documents.</summary>
public sealed record TextDocumentOptions
{
    /// <summary>The files' format; by their endings when automatic, plain text where a source has no path.</summary>
    [Description("Format of the files; by their endings when automatic.")]
    public TextFormat Format { get; init; }

    /// <summary>What a document is in plain text.</summary>
    [Description("What a document is in plain text: a file, a line, a block of lines, or what lies between separators.")]
    public DocumentUnit Unit { get; init; }

    /// <summary>The separator of documents where <see cref="Unit"/> says so.</summary>
    [Description("Separator of documents, where unit says so.")]
    public string Separator { get; init; } = "<|endoftext|>";

    /// <summary>The text column of records, or the path of a field such as <c>messages.content</c>; null looks for the usual names (text,
    /// contents, content, code, sentences, abstract).</summary>
    [Description("Text column of records, or the path of a field such as messages.content; found by the usual names when absent.")]
    public string? TextColumn { get; init; }

    /// <summary>What a list of strings in the text column becomes.</summary>
    [Description("What a list of strings in the text column becomes: one joined document, or a document each.")]
    public ListHandling Lists { get; init; }

    /// <summary>The longest document, in characters; a longer one is an error that names its place.</summary>
    [Description("The longest document, in characters.")]
    [Range(1, int.MaxValue / 4)]
    public int LongestDocument { get; init; } = new DatasetOptions().LongestDocument;
}

/// <summary>Loads documents from files (Parquet, JSON Lines, JSON, CSV, plain text, each also as .gz, .zst or .xz) as rows with the columns
/// <c>Text</c> and <c>Document</c>, both text.</summary>
/// <remarks>Lazy: every cursor reads the files anew, one document at a time. It goes through <c>Model.Save</c>
/// with a model, and back through <c>Model.LoadWithDataLoader</c>.</remarks>
public sealed class TextDocumentLoader : IDataLoader<IMultiStreamSource>
{
    internal const string LoaderName = "RllcTextDocuments";
    private const string Signature = "RLLCTEXT";
    private readonly IHost host;

    internal TextDocumentLoader(IHostEnvironment environment, TextDocumentOptions options)
    {
        host = environment.Register("TextDocuments");
        Options = options.Validated();
        if (string.IsNullOrEmpty(options.Separator))
            throw new ArgumentException("Separator is empty; it must hold at least one character.", nameof(options));
    }

    /// <summary>How files become documents.</summary>
    public TextDocumentOptions Options { get; }

    /// <summary>The columns <c>Text</c> and <c>Document</c>.</summary>
    public DataViewSchema GetOutputSchema() => TextDataView.Columns;

    /// <summary>The documents of the files in <paramref name="input"/>, file after file.</summary>
    /// <exception cref="InvalidDataException">Thrown by a cursor: a file is broken; the message names the place.</exception>
    public IDataView Load(IMultiStreamSource input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var settings = new FormatSettings
        {
            TextColumn = Options.TextColumn,
            Unit = Options.Unit,
            Separator = Options.Separator,
            Lists = Options.Lists,
            LongestDocument = Options.LongestDocument,
        };
        host.Check(input.Count > 0, "The source holds no file.");
        return new TextDataView(() => Enumerable.Range(0, input.Count).SelectMany(i =>
            DocumentReader.Read(new SourceFile(input.GetPathOrNull(i) ?? $"source {i}", () => input.Open(i)), Options.Format, settings)));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ModelFile.Begin(ctx, Signature, LoaderName);
        ctx.WriteJson(Options, DocumentsJson.Default.Kept<TextDocumentOptions>());
    }

    private static TextDocumentLoader Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ModelFile.Check(ctx, Signature, LoaderName);
        return new(environment, ctx.ReadJson(DocumentsJson.Default.Kept<TextDocumentOptions>()));
    }
}
