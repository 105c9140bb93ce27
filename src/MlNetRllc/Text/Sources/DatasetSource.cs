namespace MlNetRllc.Text.Sources;

/// <summary>One place of a dataset's files.</summary>
public sealed record DatasetSource
{
    /// <summary>A path, pattern or folder (relative to the card), an http(s) address,
    /// <c>hf://owner/name/file</c>, or <c>nuget://ID/VERSION/PATTERN</c>.</summary>
    public string Location { get; init; } = "";

    /// <summary>SHA-256 of the file as it is stored, in hexadecimal, for a single file.</summary>
    public string? Sha256 { get; init; }

    /// <summary>How often each of its documents is taken: 2 is twice, 0.5 is half of them, chosen by a hash.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>The format of its files, where it is not the card's.</summary>
    public TextFormat Format { get; init; }
}
