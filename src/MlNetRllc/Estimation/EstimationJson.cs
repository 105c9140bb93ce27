using System.Text.Json.Serialization;
using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Estimation;

/// <summary>What estimation keeps as JSON.</summary>
[JsonSerializable(typeof(EstimationOptions))]
internal sealed partial class EstimationJson : JsonSerializerContext;
