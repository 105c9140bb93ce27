using System.Text.Json.Serialization;
using MlNetRllc.Core.Training;

namespace MlNetRllc.Training;

/// <summary>What a language model keeps as JSON, beside its weights.</summary>
[JsonSerializable(typeof(CheckpointInfo[])), JsonSerializable(typeof(LanguageModelOutputs))]
internal sealed partial class LanguageModelJson : JsonSerializerContext;
