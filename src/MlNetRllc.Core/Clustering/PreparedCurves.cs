namespace MlNetRllc.Core.Clustering;

/// <summary>Curves ready to be clustered: what every number of clusters and every seed can share is
/// computed once, when it is first asked for.</summary>
/// <param name="curves">[item][point], prepared; none is missing.</param>
/// <param name="options">How they are clustered.</param>
/// <param name="channels">Channels of each curve.</param>
/// <param name="starts">Given centres to begin from, prepared; null for random starts.</param>
internal sealed class PreparedCurves(double[][] curves, ClusteringOptions options, int channels = 1, double[][]? starts = null)
{
    /// <summary>Above it silhouettes are those of a sample: all pairs of 4,096 curves take 134 MB,
    /// of 20,000 more than 3 GB.</summary>
    internal const int MostPairwise = 4096;

    /// <summary>Curves of the sample.</summary>
    internal const int SampleSize = 2048;

    private readonly Dictionary<(int Seed, int K), Partition> partitions = [];
    private readonly Dictionary<Partition, double[]> silhouettes = new(ReferenceEqualityComparer.Instance);
    private double[,]? pairwise;
    private Dendrogram? tree;
    private int? distinct;

    public CurveGeometry Geometry { get; } = CurveGeometry.For(options, channels);

    public double[][] Curves => curves;

    /// <summary>Whether silhouettes are those of a sample; joins need all pairs anyway.</summary>
    public bool IsSampled => curves.Length > MostPairwise && !IsHierarchical;

    /// <summary>How many curves are farther apart than 1e-9 of the largest value; not counted
    /// beyond the largest number of clusters that may be asked for.</summary>
    public int Distinct => distinct ??= CountDistinct(most: Math.Max(GivenCentres, Math.Max(options.Clusters, options.MaxClusters)));

    /// <summary>The distance up to which two curves count as one: 1e-9 of the largest value.</summary>
    public double Rounding { get; } = 1e-9 * curves.Max(curve => curve.Max(Math.Abs));

    /// <summary>How many centres are given to begin from; 0 for random starts.</summary>
    public int GivenCentres => starts?.Length ?? 0;

    private bool IsHierarchical => options.Method == ClusteringMethod.Hierarchical;

    private double[,] Pairwise =>
        pairwise ??= Geometry.Pairwise(IsSampled ? SampledCurves() : CheckedForMemory());

    /// <summary>The curves in k clusters.</summary>
    /// <param name="k">1 to <see cref="Distinct"/>.</param>
    /// <param name="seed">Of the starts; joins have none.</param>
    /// <exception cref="InvalidOperationException">There are too many curves for their distances to
    /// be held.</exception>
    public Partition Partition(int k, int seed)
    {
        var key = (IsHierarchical || starts is not null ? 0 : seed, k);
        if (partitions.TryGetValue(key, out var known)) return known;
        return partitions[key] = IsHierarchical ? Joined(k)
            : starts is not null ? Lloyd.From(curves, [.. starts], Geometry, options).ByFirstAppearance()
            : Lloyd.Run(curves, k, Geometry, options with { Seed = seed }).ByFirstAppearance();
    }

    /// <summary>The silhouette of each curve, [item]; NaN for those outside of the sample.</summary>
    /// <param name="partition">One that <see cref="Partition"/> gave.</param>
    public double[] SilhouettesOf(Partition partition) =>
        !options.Silhouettes ? [.. curves.Select(_ => double.NaN)]
        : silhouettes.TryGetValue(partition, out var known) ? known : silhouettes[partition] = Compute(partition);

    /// <summary>All joins; null for the methods that join nothing.</summary>
    public Dendrogram? Tree => IsHierarchical ? tree ??= HierarchicalClustering.Tree(Pairwise, options.Linkage) : null;

    private double[] Compute(Partition partition)
    {
        if (!IsSampled) return Silhouettes.Compute(Pairwise, partition.Labels);
        var (sample, values) = (Sample(), Enumerable.Repeat(double.NaN, curves.Length).ToArray());
        var found = Silhouettes.Compute(Pairwise, [.. sample.Select(item => partition.Labels[item])]);
        for (var i = 0; i < sample.Length; i++) values[sample[i]] = found[i];
        return values;
    }

    // Evenly through the curves as they stand: the same in every run.
    private int[] Sample() =>
        [.. Enumerable.Range(0, SampleSize).Select(i => (int)((long)i * curves.Length / SampleSize))];

    private double[][] SampledCurves() => [.. Sample().Select(item => curves[item])];

    private Partition Joined(int k)
    {
        var labels = Tree!.Cut(k);
        var members = Enumerable.Range(0, k).Select(_ => new List<double[]>()).ToArray();
        for (var item = 0; item < labels.Length; item++) members[labels[item]].Add(curves[item]);
        var centres = members.Select(group => Geometry.Centre(group, group[0])).ToArray();
        return new(
            labels,
            centres,
            curves.Select((curve, i) => Math.Pow(Geometry.Distance(curve, centres[labels[i]]), 2)).Sum());
    }

    private int CountDistinct(int most)
    {
        List<double[]> found = [];
        for (var i = 0; i < curves.Length && found.Count < most; i++)
            if (found.TrueForAll(other => Geometry.Distance(curves[i], other) > Rounding))
                found.Add(curves[i]);
        return found.Count;
    }

    private double[][] CheckedForMemory()
    {
        var pairs = (double)curves.Length * curves.Length * sizeof(double);
        var needed = IsHierarchical ? 2 * pairs : pairs;
        double there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return needed < there && curves.Length < MostCurves ? curves : throw new InvalidOperationException(
            $"The distances of {curves.Length:N0} curves to each other take {needed / 1e9:F1} GB, "
            + $"and this machine has {there / 1e9:F1} GB. "
            + "Cluster by EuclideanKMeans, DtwKMeans or KShape, "
            + $"which need them for a sample of {SampleSize:N0} only, or give fewer curves.");
    }

    // An array has at most 2^31 - 57 elements.
    private const int MostCurves = 46340;
}
