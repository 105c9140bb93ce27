using System.Text.Json.Serialization;

namespace MlNetRllc.Clustering;

/// <summary>What clusters keep as JSON.</summary>
[JsonSerializable(typeof(TrajectoryClusters))]
internal sealed partial class ClusteringJson : JsonSerializerContext;
