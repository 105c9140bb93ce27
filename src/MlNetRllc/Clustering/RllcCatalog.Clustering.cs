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

    /// <summary>Clusters heads by their curves of rLLC on several datasets at once: each dataset is a channel
    /// of a head's curve; see <see cref="TrajectoryClusteringEstimator"/> for the columns.</summary>
    /// <param name="datasets">The datasets, in the order of the channels.</param>
    /// <param name="clusters">Number of clusters; null chooses by silhouette.</param>
    public TrajectoryClusteringEstimator ClusterTrajectories(IReadOnlyList<string> datasets, int? clusters = null)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        return ClusterTrajectories(new ClusterTrajectoriesOptions { Datasets = datasets, Clustering = new() { Clusters = clusters ?? 0 } });
    }

    /// <summary>Clusters components by their curves of rLLC over training; see
    /// <see cref="TrajectoryClusteringEstimator"/> for the columns.</summary>
    /// <param name="options">Dataset, method, normalisation, number of clusters.</param>
    /// <exception cref="ArgumentException">Both a dataset and several are given, or one of them twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public TrajectoryClusteringEstimator ClusterTrajectories(ClusterTrajectoriesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Datasets);
        ArgumentNullException.ThrowIfNull(options.InitialComponents);
        ArgumentNullException.ThrowIfNull(options.Clustering);
        options.Clustering.Validated();
        if (options is { Dataset: not null, Datasets.Count: > 0 })
            throw new ArgumentException($"ClusterTrajectories: Dataset is '{options.Dataset}' and Datasets has {options.Datasets.Count}; "
                + "give one of the two.", nameof(options));
        if (options.Datasets.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"ClusterTrajectories: the dataset '{twice.Key}' is given twice; a channel is given once.",
                nameof(options));
        return new(Environment, options);
    }
}
