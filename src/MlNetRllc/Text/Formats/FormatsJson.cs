using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlNetRllc.Text.Formats;

/// <summary>What formats read as JSON.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class FormatsJson : JsonSerializerContext;
