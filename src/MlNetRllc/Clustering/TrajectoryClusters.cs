using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Clustering;

/// <summary>What clustering the trajectories of a table gave.</summary>
public sealed record TrajectoryClusters
{
    /// <summary>The dataset whose curves were clustered.</summary>
    public required string Dataset { get; init; }

    /// <summary>The components, in the order of the lists in <see cref="Result"/>.</summary>
    public required IReadOnlyList<string> Components { get; init; }

    /// <summary>Training steps of the curves' points, [point].</summary>
    public required IReadOnlyList<double> Steps { get; init; }

    /// <summary>Labels (0 to K-1), distances, silhouettes, centres.</summary>
    public required ClusteringResult Result { get; init; }
}
