using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Clustering;

/// <summary>How curves are put into clusters.</summary>
public enum ClusteringMethod
{
    /// <summary>k-means with the Euclidean distance.</summary>
    EuclideanKMeans,

    /// <summary>k-means with dynamic time warping and DBA barycentres (Petitjean et al. 2011).</summary>
    DtwKMeans,

    /// <summary>k-Shape (Paparrizos and Gravano 2015): cross-correlation at the best shift; curves
    /// are standardised whatever the option says.</summary>
    KShape,

    /// <summary>Agglomerative clustering, cut at k clusters.</summary>
    Hierarchical,
}

/// <summary>How the distance between two groups follows from those of their parts, in hierarchical
/// clustering.</summary>
public enum Linkage
{
    /// <summary>Mean distance of all pairs.</summary>
    Average,

    /// <summary>Least growth of the squared distances to the mean; Euclidean only.</summary>
    Ward,

    /// <summary>Largest distance.</summary>
    Complete,

    /// <summary>Smallest distance.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The field's word.")]
    Single,
}

/// <summary>The distance of two curves in hierarchical clustering; the other methods each have
/// their own.</summary>
public enum CurveDistance
{
    /// <summary>Root of the sum of squared differences, point by point.</summary>
    Euclidean,

    /// <summary>The same along the best warping path.</summary>
    DynamicTimeWarping,
}

/// <summary>What is done to each curve's values, by itself.</summary>
public enum TrajectoryNormalization
{
    /// <summary>Mean 0 and (population) standard deviation 1: shape alone. A constant curve becomes
    /// zero.</summary>
    Standardize,

    /// <summary>From 0 to 1. A constant curve becomes zero.</summary>
    MinMax,

    /// <summary>Left as it is: level and size count too.</summary>
    None,
}

/// <summary>Which values share a mean and a size where curves are normalised.</summary>
public enum NormalizationScope
{
    /// <summary>Those of one channel of one curve: every channel counts alike, and shape alone.</summary>
    ChannelOfCurve,

    /// <summary>Those of one curve, all channels together: the channels keep their proportions.</summary>
    Curve,

    /// <summary>Those of one channel of all curves: the curves keep their proportions.</summary>
    Channel,

    /// <summary>All values.</summary>
    Everything,
}

/// <summary>How trajectories are clustered.</summary>
public sealed record ClusteringOptions : ICheckedTogether
{
    string? ICheckedTogether.WhatIsWrong() => this switch
    {
        { } when MinClusters > MaxClusters => $"has MinClusters {MinClusters}, which exceeds MaxClusters {MaxClusters}",
        { Method: ClusteringMethod.Hierarchical, Linkage: Linkage.Ward, Distance: not CurveDistance.Euclidean } =>
            $"has Ward's linkage, which is defined for Euclidean distances; choose Average, Complete or Single with {Distance}",
        _ => null,
    };

    /// <summary>How curves are put into clusters.</summary>
    [Description("EuclideanKMeans, DtwKMeans, KShape or Hierarchical")]
    public ClusteringMethod Method { get; init; } = ClusteringMethod.EuclideanKMeans;

    /// <summary>What is done to each curve's values.</summary>
    [Description("Standardize, MinMax or None, for each curve by itself")]
    public TrajectoryNormalization Normalization { get; init; } = TrajectoryNormalization.Standardize;

    /// <summary>Which values share a mean and a size; k-Shape takes each channel of each curve by itself.</summary>
    [Description("what is normalised together: ChannelOfCurve, Curve, Channel (of all curves) or Everything")]
    public NormalizationScope NormalizationScope { get; init; }

    /// <summary>Number of clusters; 0 chooses that of <see cref="MinClusters"/> to
    /// <see cref="MaxClusters"/> with the largest silhouette.</summary>
    [Description("clusters; 0 chooses by silhouette"), Range(0, 1000)]
    public int Clusters { get; init; }

    /// <summary>Smallest number of clusters whose silhouette is reported.</summary>
    [Description("smallest number of clusters tried"), Range(2, 1000)]
    public int MinClusters { get; init; } = 2;

    /// <summary>Largest number of clusters whose silhouette is reported.</summary>
    [Description("largest number of clusters tried"), Range(2, 1000)]
    public int MaxClusters { get; init; } = 6;

    /// <summary>Whether curves are resampled at equal distances of the logarithm of the step; needs
    /// the steps.</summary>
    [Description("whether curves are resampled evenly in log step")]
    public bool LogSteps { get; init; }

    /// <summary>Points after resampling in log step; 0 keeps the number of checkpoints.</summary>
    [Description("points after resampling in log step; 0 keeps their number"), Range(0, 100_000)]
    public int ResampledPoints { get; init; }

    /// <summary>Points in a centred moving average, shortened at the ends; 1 smooths nothing.</summary>
    [Description("points in a centred moving average; 1 smooths nothing"), Range(1, 9999)]
    public int SmoothingWindow { get; init; } = 1;

    /// <summary>Linkage of hierarchical clustering.</summary>
    [Description("linkage of hierarchical clustering: Average, Ward, Complete or Single")]
    public Linkage Linkage { get; init; } = Linkage.Average;

    /// <summary>Distance of hierarchical clustering.</summary>
    [Description("distance of hierarchical clustering: Euclidean or DynamicTimeWarping")]
    public CurveDistance Distance { get; init; } = CurveDistance.Euclidean;

    /// <summary>How far apart in position a warping path may match points (Sakoe-Chiba band), as a
    /// share of the length; 1 leaves it free.</summary>
    [Description("largest warping, as a share of the length"), Range(0.0, 1.0)]
    public double WarpingWindow { get; init; } = 1;

    /// <summary>The same in points, which counts instead of <see cref="WarpingWindow"/> where it is given.</summary>
    [Description("largest warping, in points; the share of the length counts when absent"), Range(0, 100_000)]
    public int? WarpingRadius { get; init; }

    /// <summary>Most rounds of averaging (DBA) each time that a centre of dynamic time warping is
    /// found; they end before where the cost falls no more.</summary>
    [Description("most rounds of averaging (DBA) for a centre of dynamic time warping"), Range(1, 100_000)]
    public int BarycentreRounds { get; init; } = 10;

    /// <summary>Starts of the k-means kind of methods; the one of least cost counts.</summary>
    [Description("starts, of which the best counts"), Range(1, 10_000)]
    public int Restarts { get; init; } = 10;

    /// <summary>Most rounds of one start.</summary>
    [Description("most rounds of one start"), Range(1, 100_000)]
    public int MaxIterations { get; init; } = 100;

    /// <summary>A start also ends when a round lowers the mean of the squared distances to the own
    /// centre by less than this; a round that raises it is taken back. Null: it ends when no item
    /// changes its cluster, whatever the cost does, and the round of least cost counts.</summary>
    [Description("a start ends when a round lowers the mean squared distance by less; a round that raises it is taken back"),
     Range(0.0, double.MaxValue)]
    public double? CostTolerance { get; init; }

    /// <summary>Whether silhouettes are computed, which takes the distances of all pairs; without them
    /// the number of clusters must be given.</summary>
    [Description("whether silhouettes are computed; without them the number of clusters must be given")]
    public bool Silhouettes { get; init; } = true;

    /// <summary>Seed of the starts.</summary>
    [Description("seed of the starts")]
    public int Seed { get; init; } = 1;

    /// <summary>How far a warping path may match points.</summary>
    internal WarpingBand Band => WarpingRadius is { } radius ? WarpingBand.OfRadius(radius) : WarpingBand.OfShare(WarpingWindow);
}
