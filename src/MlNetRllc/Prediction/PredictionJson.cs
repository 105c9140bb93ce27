using System.Text.Json.Serialization;

namespace MlNetRllc.Prediction;

/// <summary>What predicting keeps as JSON.</summary>
[JsonSerializable(typeof(TextPredictionOptions)), JsonSerializable(typeof(TextPredictionTransformer.Kind))]
internal sealed partial class PredictionJson : JsonSerializerContext;
