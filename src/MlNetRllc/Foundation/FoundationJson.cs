using System.Text.Json.Serialization;

namespace MlNetRllc.Foundation;

/// <summary>What any component keeps as JSON.</summary>
[JsonSerializable(typeof(int)), JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ContextStream.Packed[]))]
internal sealed partial class FoundationJson : JsonSerializerContext;
