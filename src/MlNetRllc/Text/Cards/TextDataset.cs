using Microsoft.ML;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Options;
using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Text.Cards;

/// <summary>A dataset of text: a card, and its documents as rows with the columns <c>Text</c> and <c>Document</c> (both text).</summary>
/// <remarks>Documents stream from the source each time a cursor is opened; none but a sample is held in memory.</remarks>
public sealed class TextDataset
{
    private readonly DatasetOptions options;

    private TextDataset(DatasetCard card, DatasetOptions options)
    {
        (Card, this.options) = (card, options);
        View = new TextDataView(() => Documents());
    }

    /// <summary>What the dataset is.</summary>
    public DatasetCard Card { get; }

    /// <summary>The documents as rows.</summary>
    public IDataView View { get; }

    /// <summary>Names of the cards that come with the library.</summary>
    public static IReadOnlyList<string> KnownNames => DatasetCardReader.Known;

    /// <summary>Opens the dataset that a card describes, or files of one's own.</summary>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="cardOrFiles">Path of a card (<c>.yaml</c>), the name of one that comes with the library
    /// (<see cref="KnownNames"/>), or a file, pattern, folder or address of text.</param>
    /// <param name="options">How it is fetched and read.</param>
    /// <exception cref="FileNotFoundException">The card or a file is not there; the message says what to do.</exception>
    /// <exception cref="InvalidDataException">The card is wrong; the message names file, line and column.</exception>
    public static TextDataset Load(MLContext context, string cardOrFiles, DatasetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(cardOrFiles);
        if (DatasetCardReader.Known.Contains(cardOrFiles) && !File.Exists(cardOrFiles) && !Directory.Exists(cardOrFiles))
            return Load(context, DatasetCardReader.ReadKnown(cardOrFiles), options);
        var isCard = Path.GetExtension(cardOrFiles).ToUpperInvariant() is ".YAML" or ".YML";
        return Load(context, isCard ? DatasetCardReader.Read(cardOrFiles) : CardOfFiles(cardOrFiles), options);
    }

    private static DatasetCard CardOfFiles(string files) =>
        new() { Name = Path.GetFileName(files.TrimEnd('/', '\\')), Sources = [new() { Location = files }] };

    /// <summary>Opens the dataset that <paramref name="card"/> describes.</summary>
    /// <exception cref="FileNotFoundException">A file is not there; the message says what to do.</exception>
    public static TextDataset Load(MLContext context, DatasetCard card, DatasetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(card);
        var dataset = new TextDataset(card, (options ?? new()).Validated());
        foreach (var source in card.Sources) DatasetLocations.Files(source, card.Folder, dataset.options);
        return dataset;
    }

    /// <summary>The documents, read anew and checked against the card's checksum once the last was read.</summary>
    /// <exception cref="InvalidDataException">A file is broken, or the text is not what the card says; the
    /// message names the place.</exception>
    public IEnumerable<TextDocument> Documents()
    {
        using var checksum = new TextChecksum();
        foreach (var document in Kept())
        {
            if (options.VerifyChecksum && Card.Checksum is not null) checksum.Add(document.Text);
            yield return document;
        }
        if (options.VerifyChecksum && Card.Checksum is { } expected && checksum.Value != expected)
            throw new InvalidDataException(
                $"The text of the dataset '{Card.Name}' is not what its card says: "
                + $"{checksum.Documents:N0} documents, {checksum.Bytes:N0} bytes, checksum {checksum.Value}; "
                + $"the card says {Card.Documents:N0} documents, {Card.Bytes:N0} bytes, checksum {expected}. "
                + "Either a source changed, or the card's filters did: correct the card.")
                .About(ErrorPage.ChecksumDiffers);
    }

    /// <summary>Reads everything once to count it.</summary>
    public TextDatasetSummary Summarize()
    {
        using var checksum = new TextChecksum();
        foreach (var document in Documents()) checksum.Add(document.Text);
        return new(Card.Name, checksum.Documents, checksum.Bytes, checksum.Value);
    }

    private IEnumerable<TextDocument> Kept()
    {
        var settings = new FormatSettings
        {
            TextColumn = Card.TextColumn, Unit = Card.Unit, Separator = Card.Separator, Lists = Card.Lists,
            NeededFields = [.. Card.Filter.Columns.Keys], LongestDocument = options.LongestDocument,
        };
        var all = Card.Sources.SelectMany(source => DatasetLocations.Files(source, Card.Folder, options)
            .SelectMany(file => DocumentReader.Read(file, FormatOf(source), settings))
            .Weighted(source.Weight));
        return Card.Filter.Apply(all).Sampled(Card.Sample);
    }

    private TextFormat FormatOf(DatasetSource source) => source.Format == TextFormat.Auto ? Card.Format : source.Format;
}

/// <summary>What a dataset holds.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="Documents">Number of documents.</param>
/// <param name="Bytes">Bytes of UTF-8.</param>
/// <param name="Checksum">SHA-256 of the documents, each as UTF-8 followed by a zero byte, in lower-case hexadecimal.</param>
public sealed record TextDatasetSummary(string Name, long Documents, long Bytes, string Checksum)
{
    /// <summary>One line for a log.</summary>
    public override string ToString() => $"{Name}: {Documents:N0} documents, {Bytes:N0} bytes, sha256 {Checksum}";
}
