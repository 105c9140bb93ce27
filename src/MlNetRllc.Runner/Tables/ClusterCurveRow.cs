namespace MlNetRllc.Runner.Tables;

/// <summary>A row of a cluster step's table <c>STEP-curves.csv</c>: a point of a curve as it was clustered,
/// or of a cluster's centre.</summary>
internal sealed class ClusterCurveRow
{
    /// <summary>Which heads were clustered together: <c>all</c>, or one layer's.</summary>
    public string Scope { get; set; } = "";

    /// <summary>The head; empty for a centre.</summary>
    public string Component { get; set; } = "";

    /// <summary>From 1.</summary>
    public int Cluster { get; set; }

    /// <summary>Training step; between checkpoints where curves are resampled.</summary>
    public double Step { get; set; }

    /// <summary>The resampled, smoothed, normalised value.</summary>
    public double Value { get; set; }

    /// <summary>Which channel of the curve: a dataset, a slot of a vector column, or both; empty where curves have one channel.</summary>
    public string Channel { get; set; } = "";
}
