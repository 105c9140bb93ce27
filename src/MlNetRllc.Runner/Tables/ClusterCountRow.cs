namespace MlNetRllc.Runner.Tables;

/// <summary>A row of a cluster step's second table, <c>STEP-counts.csv</c>: a number of clusters that was tried.</summary>
internal sealed class ClusterCountRow
{
    /// <summary>Which heads: <c>all</c>, or one layer's.</summary>
    public string Scope { get; set; } = "";

    /// <summary>The number of clusters.</summary>
    public int K { get; set; }

    /// <summary>Mean silhouette, -1 to 1.</summary>
    public double Silhouette { get; set; }

    /// <summary>1 for the number that was chosen.</summary>
    public int Chosen { get; set; }

    /// <summary>Adjusted Rand index against the head types; NaN without a classify step.</summary>
    public double AdjustedRandIndex { get; set; }

    /// <summary>Normalised mutual information with the head types, 0 to 1; NaN without a classify step.</summary>
    public double NormalizedMutualInformation { get; set; }

    /// <summary>Mutual information with the head types, adjusted for chance, 1 at most; NaN without a classify step.</summary>
    public double AdjustedMutualInformation { get; set; }
}
