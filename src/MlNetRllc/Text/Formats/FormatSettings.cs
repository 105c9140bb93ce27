
namespace MlNetRllc.Text.Formats;

/// <summary>How a file is cut into documents and which of its fields is the text.</summary>
internal sealed record FormatSettings
{
    /// <summary>The text column of records, or the path of a field; null looks for the usual names.</summary>
    public string? TextColumn { get; init; }

    /// <summary>What a document is in plain text.</summary>
    public DocumentUnit Unit { get; init; } = DocumentUnit.File;

    /// <summary>The separator for <see cref="DocumentUnit.Separator"/>.</summary>
    public string Separator { get; init; } = "<|endoftext|>";

    /// <summary>What a list of strings in the text column becomes.</summary>
    public ListHandling Lists { get; init; }

    /// <summary>Longest document in characters.</summary>
    public int LongestDocument { get; init; } = new DatasetOptions().LongestDocument;

    /// <summary>Fields of a record that are asked for by name. A format may leave out others that it cannot read.</summary>
    public IReadOnlyCollection<string> NeededFields { get; init; } = [];

    /// <summary>Where a compressed file is unpacked that must be read from its end.</summary>
    public string TemporaryFolder { get; init; } = Path.GetTempPath();
}

/// <summary>What a document is in a plain-text file.</summary>
public enum DocumentUnit
{
    /// <summary>The whole file; of more than 4,194,304 characters, parts of at most 1,048,576, cut between paragraphs or lines.</summary>
    File,

    /// <summary>Every line that is not blank.</summary>
    Line,

    /// <summary>Lines up to a blank one.</summary>
    Block,

    /// <summary>What lies between two separators.</summary>
    Separator,
}

/// <summary>What a list of strings in the text column of a record (JSON, Parquet) becomes.</summary>
public enum ListHandling
{
    /// <summary>One document, its strings joined by line breaks.</summary>
    Join,

    /// <summary>A document for each string, with the other fields of the record.</summary>
    Documents,
}
