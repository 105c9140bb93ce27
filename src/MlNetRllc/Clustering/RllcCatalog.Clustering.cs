using MlNetRllc.Clustering;
using MlNetRllc.Core.Options;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Clusters heads by their curves of rLLC over training, by Euclidean k-means; see
    /// <see cref="TrajectoryClusteringEstimator"/> for the columns.</summary>
    /// <param name="clusters">Number of clusters; null chooses by silhouette.</param>
    public TrajectoryClusteringEstimator ClusterTrajectories(int? clusters = null) =>
        ClusterTrajectories(new ClusterTrajectoriesOptions { Clustering = new() { Clusters = clusters ?? 0 } });

    /// <summary>Clusters components by their curves of rLLC over training; see
    /// <see cref="TrajectoryClusteringEstimator"/> for the columns.</summary>
    /// <param name="options">Dataset, method, normalisation, number of clusters.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public TrajectoryClusteringEstimator ClusterTrajectories(ClusterTrajectoriesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Clustering.Validated();
        return new(Environment, options);
    }
}
