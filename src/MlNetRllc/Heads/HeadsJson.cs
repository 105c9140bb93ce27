using System.Text.Json.Serialization;
using MlNetRllc.Core.Heads;

namespace MlNetRllc.Heads;

/// <summary>What scores and types of heads keep as JSON.</summary>
[JsonSerializable(typeof(ScoreHeadsOptions)), JsonSerializable(typeof(HeadScores))]
[JsonSerializable(typeof(HeadTokens)), JsonSerializable(typeof(HeadTraces))]
[JsonSerializable(typeof(HeadClassifierOptions))]
internal sealed partial class HeadsJson : JsonSerializerContext;
