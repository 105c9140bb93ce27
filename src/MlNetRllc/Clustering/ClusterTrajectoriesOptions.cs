using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Clustering;

/// <summary>Which trajectories are clustered, and how.</summary>
public sealed record ClusterTrajectoriesOptions
{
    /// <summary>The dataset whose curves are clustered; null takes the first in the table.</summary>
    [Description("dataset whose curves are clustered; the first in the table when absent")]
    public string? Dataset { get; init; }

    /// <summary>Whether only heads (l0h3) are clustered, and layers, embeddings and unions left out.</summary>
    [Description("whether only heads are clustered")]
    public bool HeadsOnly { get; init; } = true;

    /// <summary>The layer whose components alone are clustered; all layers when null.</summary>
    [Description("layer whose components alone are clustered; all layers when absent"), Range(0, 1000)]
    public int? Layer { get; init; }

    /// <summary>Method, normalisation, number of clusters.</summary>
    [Description("method, normalisation, number of clusters")]
    public ClusteringOptions Clustering { get; init; } = new();
}
