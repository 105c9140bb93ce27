using System.Text.Json.Serialization;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Weights;

/// <summary>What checkpoints and samples hold as JSON.</summary>
[JsonSerializable(typeof(TransformerConfig)), JsonSerializable(typeof(int[][])), JsonSerializable(typeof(float[][][]))]
internal sealed partial class WeightsJson : JsonSerializerContext;
