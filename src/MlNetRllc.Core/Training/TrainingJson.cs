using System.Text.Json.Serialization;

namespace MlNetRllc.Core.Training;

/// <summary>What a training's state holds as JSON.</summary>
[JsonSerializable(typeof(List<TrainingState.Kept>)), JsonSerializable(typeof(IReadOnlyList<TrainingState.Kept>))]
internal sealed partial class TrainingJson : JsonSerializerContext;
