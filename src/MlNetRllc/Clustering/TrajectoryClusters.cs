using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Clustering;

/// <summary>What clustering the trajectories of a table gave.</summary>
public sealed record TrajectoryClusters
{
    /// <summary>The dataset whose curves were clustered; of several their names with "and" between.</summary>
    public required string Dataset { get; init; }

    /// <summary>What each channel of the curves is, [channel]: its dataset, its slot of the vector column, or
    /// both; empty where a curve has one channel.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>The components, in the order of the lists in <see cref="Result"/>.</summary>
    public required IReadOnlyList<string> Components { get; init; }

    /// <summary>Training steps of the curves' points, [point].</summary>
    public required IReadOnlyList<double> Steps { get; init; }

    /// <summary>Labels (0 to K-1), distances, silhouettes, centres.</summary>
    public required ClusteringResult Result { get; init; }
}
