using System.Text.Json.Serialization;

namespace MlNetRllc.Text.Documents;

/// <summary>What a loader of documents keeps as JSON.</summary>
[JsonSerializable(typeof(TextDocumentOptions))]
internal sealed partial class DocumentsJson : JsonSerializerContext;
