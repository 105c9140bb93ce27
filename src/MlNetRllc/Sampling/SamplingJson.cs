using System.Text.Json.Serialization;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Sampling;

/// <summary>What sampling keeps as JSON.</summary>
[JsonSerializable(typeof(SgldOptions)), JsonSerializable(typeof(LossTrace)), JsonSerializable(typeof(RowIndex)),
    JsonSerializable(typeof(ProbeStream.PackedProbes))]
internal sealed partial class SamplingJson : JsonSerializerContext;
