namespace MlNetRllc.Core.Clustering;

/// <summary>Items in clusters by their features.</summary>
public sealed record FeatureClusters
{
    /// <summary>Cluster of each item, [item], 0 to K-1, numbered by first appearance; all 0 where no feature tells items apart.</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>Number of clusters: as many as were asked for, or fewer where fewer items are distinct.</summary>
    public required int K { get; init; }

    /// <summary>Places of the features that count, of those given.</summary>
    public required IReadOnlyList<int> Used { get; init; }

    /// <summary>Missing values among the features that count, each taken for the feature's mean.</summary>
    public required int Missing { get; init; }

    /// <summary>Features left out, since more than half of their values are missing.</summary>
    public required int Sparse { get; init; }

    /// <summary>Features left out, since they have one value for all items.</summary>
    public required int Constant { get; init; }
}
