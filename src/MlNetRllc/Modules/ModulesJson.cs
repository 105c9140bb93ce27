using System.Text.Json.Serialization;

namespace MlNetRllc.Modules;

/// <summary>What estimates of modules keep as JSON.</summary>
[JsonSerializable(typeof(LlcResult[]))]
internal sealed partial class ModulesJson : JsonSerializerContext;
