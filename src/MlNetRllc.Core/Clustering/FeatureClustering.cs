using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Clustering;

/// <summary>Puts items into a given number of clusters by a table of features, such as each head's rLLC by pattern.</summary>
/// <remarks>Each feature is standardised over the items that have it (mean 0, population standard deviation 1); a value that is
/// missing is the mean then, 0. A feature of which more than half of the values are missing is left out, and one that is the same for
/// all. k-means with the Euclidean distance and k-means++ starts, of which the one of least cost counts.</remarks>
public static class FeatureClustering
{
    /// <summary>Below it, as a share of the largest value, a feature's spread is rounding.</summary>
    private const double Rounding = 1e-12;

    /// <summary>Clusters items.</summary>
    /// <param name="features">[item][feature], in any units; what is not finite is missing.</param>
    /// <param name="clusters">How many.</param>
    /// <param name="restarts">Starts, of which the best counts.</param>
    /// <param name="seed">Seed of the starts.</param>
    /// <exception cref="ArgumentException">Items with different numbers of features.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No cluster or no start is asked for.</exception>
    public static FeatureClusters Cluster(IReadOnlyList<double[]> features, int clusters, int restarts = 100, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(features);
        Limits.AtLeast(clusters, 1);
        Limits.AtLeast(restarts, 1);
        var width = features.Count == 0 ? 0 : features[0].Length;
        if (features.FirstOrDefault(f => f.Length != width) is { } other)
            throw new ArgumentException($"Items have {width} and {other.Length} features; all need the same.", nameof(features));
        var columns = Enumerable.Range(0, width).Select(f => new Feature(f, [.. features.Select(item => item[f])])).ToList();
        var used = columns.Where(c => !c.IsSparse && !c.IsConstant).ToList();
        double[][] rows = [.. features.Select((_, item) => used.Select(c => c.Standardised[item]).ToArray())];
        var partition = used.Count == 0 ? null : Clustered(rows, clusters, restarts, seed);
        return new()
        {
            Labels = partition?.Labels ?? new int[features.Count],
            K = partition?.Centres.Length ?? Math.Min(1, features.Count),
            Used = [.. used.Select(c => c.Place)],
            Missing = used.Sum(c => c.Missing),
            Sparse = columns.Count(c => c.IsSparse),
            Constant = columns.Count(c => c.IsConstant),
        };
    }

    private static Partition Clustered(double[][] rows, int clusters, int restarts, int seed)
    {
        var options = new ClusteringOptions { Clusters = clusters, Restarts = restarts, Seed = seed, Silhouettes = false };
        var prepared = new PreparedCurves(rows, options);
        return prepared.Partition(Math.Min(clusters, prepared.Distinct), seed);
    }

    /// <summary>A feature of all items.</summary>
    private sealed class Feature
    {
        private readonly double mean, spread;
        private readonly double[] values;

        public Feature(int place, double[] values)
        {
            (Place, this.values) = (place, values);
            double[] known = [.. values.Where(double.IsFinite)];
            Missing = values.Length - known.Length;
            if (known.Length == 0) return;
            mean = known.Average();
            spread = Math.Sqrt(known.Sum(v => (v - mean) * (v - mean)) / known.Length);
            if (spread <= Rounding * known.Max(Math.Abs)) spread = 0;
        }

        public int Place { get; }

        public int Missing { get; }

        public bool IsSparse => 2 * Missing > values.Length;

        public bool IsConstant => !IsSparse && spread == 0;

        /// <summary>[item]; 0 where it is missing.</summary>
        public IReadOnlyList<double> Standardised => field ??= [.. values.Select(v => double.IsFinite(v) ? (v - mean) / spread : 0)];
    }
}
