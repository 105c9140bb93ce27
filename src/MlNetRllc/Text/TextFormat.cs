namespace MlNetRllc.Text;

/// <summary>The formats that text comes in.</summary>
public enum TextFormat
{
    /// <summary>By the file's ending.</summary>
    Auto,

    /// <summary>Plain text.</summary>
    Text,

    /// <summary>A JSON object a line.</summary>
    Jsonl,

    /// <summary>An array of JSON objects.</summary>
    Json,

    /// <summary>A table of text with a header line. Its fields are separated by tabs in <c>.tsv</c> and <c>.tab</c>, by bars in
    /// <c>.psv</c>; else by commas, or by semicolons, tabs or bars where the header has these and no comma.</summary>
    Csv,

    /// <summary>Parquet.</summary>
    Parquet,

    /// <summary>XML documentation of a .NET assembly: the prose of each type is a document.</summary>
    XmlDoc,

    /// <summary>The texts in a .NET assembly's resources: twenty messages are a document.</summary>
    Resources,
}
