using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Text.Cards;

/// <summary>What a dataset is and where it comes from: the content of a file <c>datasets/NAME.yaml</c>.</summary>
public sealed record DatasetCard
{
    /// <summary>The dataset's name, as it stands in the column <c>Dataset</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is, in one sentence.</summary>
    public string Title { get; init; } = "";

    /// <summary>The licence of the text (SPDX where there is one).</summary>
    public string Licence { get; init; } = "";

    /// <summary>A page that describes it.</summary>
    public string? Homepage { get; init; }

    /// <summary>Remarks for the reader.</summary>
    public string? Notes { get; init; }

    /// <summary>The files' format; by their endings when absent.</summary>
    public TextFormat Format { get; init; }

    /// <summary>What a document is in plain text.</summary>
    public DocumentUnit Unit { get; init; }

    /// <summary>The separator of documents where <see cref="Unit"/> says so.</summary>
    public string Separator { get; init; } = "<|endoftext|>";

    /// <summary>The text column of records, or the path of a field such as <c>messages.content</c>; found by
    /// the usual names when absent.</summary>
    public string? TextColumn { get; init; }

    /// <summary>What a list of strings in the text column becomes.</summary>
    public ListHandling Lists { get; init; }

    /// <summary>Where the files lie.</summary>
    public IReadOnlyList<DatasetSource> Sources { get; init; } = [];

    /// <summary>Which documents are kept.</summary>
    public DatasetFilter Filter { get; init; } = new();

    /// <summary>Draws this many documents; null keeps all.</summary>
    public DatasetSample? Sample { get; init; }

    /// <summary>Number of documents that result, for the reader; checked with <see cref="Checksum"/>.</summary>
    public long? Documents { get; init; }

    /// <summary>Bytes of UTF-8 that result.</summary>
    public long? Bytes { get; init; }

    /// <summary>SHA-256 of the documents that result, each as UTF-8 followed by a zero byte, in lower-case hexadecimal.</summary>
    public string? Checksum { get; init; }

    /// <summary>The folder that relative paths start from: the card's own.</summary>
    internal string Folder { get; init; } = "";
}

/// <summary>Which documents of a dataset are kept.</summary>
public sealed record DatasetFilter
{
    /// <summary>Values that columns must have, such as <c>language: [English]</c>; nested ones are written <c>meta.set</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Columns { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Shortest document, in characters.</summary>
    public int MinimumLength { get; init; }

    /// <summary>Longest document, in characters; longer ones are left out.</summary>
    public int MaximumLength { get; init; } = int.MaxValue;

    /// <summary>Which duplicates are dropped; the first of each stays.</summary>
    public DuplicateRemoval Duplicates { get; init; }

    /// <summary>Removes format items such as <c>{0}</c> and <c>{1:N2}</c> from the text.</summary>
    public bool StripFormatItems { get; init; }
}

/// <summary>Which duplicates are dropped.</summary>
public enum DuplicateRemoval
{
    /// <summary>None.</summary>
    None,

    /// <summary>Documents of the same text.</summary>
    Exact,

    /// <summary>Documents of nearly the same text: about four fifths of the runs of five words, estimated by MinHash.</summary>
    Near,
}

/// <summary>A sample of a dataset.</summary>
public sealed record DatasetSample
{
    /// <summary>Documents to draw.</summary>
    public int Documents { get; init; }

    /// <summary>The seed of the draw.</summary>
    public long Seed { get; init; }
}
