namespace MlNetRllc.Text;

/// <summary>One document of a corpus.</summary>
/// <param name="Text">The document's text.</param>
/// <param name="Name">Where it comes from: a type's name, or a file and the line or row it starts at.</param>
/// <param name="Fields">Other fields of the record that the text stood in (language, licence, ...), or null.</param>
public sealed record TextDocument(string Text, string Name, IReadOnlyDictionary<string, string>? Fields = null);
