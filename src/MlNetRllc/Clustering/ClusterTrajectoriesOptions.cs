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

    /// <summary>The datasets of which each is a channel of the curves, in this order; empty takes
    /// <see cref="Dataset"/> alone. Rows are joined by component and step.</summary>
    [Description("datasets of which each is a channel of the curves, instead of the one dataset")]
    public IReadOnlyList<string> Datasets { get; init; } = [];

    /// <summary>The column whose values over training are the curves: a number, or a vector of known
    /// size, of which each slot is a channel. Null takes <c>Rllc</c>. A table without the column <c>Dataset</c>
    /// will do where this is another one.</summary>
    [Description("column whose values are the curves: numbers, or vectors of which each slot is a channel; Rllc when absent")]
    public string? Column { get; init; }

    /// <summary>The components whose curves the first centres are, one a cluster; empty starts at random.</summary>
    [Description("components whose curves the first centres are, one a cluster; random starts when empty")]
    public IReadOnlyList<string> InitialComponents { get; init; } = [];

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
