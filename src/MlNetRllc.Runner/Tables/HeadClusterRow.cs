namespace MlNetRllc.Runner.Tables;

/// <summary>A row of a cluster step's table: a head in one clustering.</summary>
internal sealed class HeadClusterRow
{
    /// <summary>The head.</summary>
    public string Component { get; set; } = "";

    /// <summary>Its cluster, from 1; 0 when its curve has too few values to be clustered.</summary>
    public int Cluster { get; set; }

    /// <summary>In -1..1; NaN when it was not clustered.</summary>
    public float Silhouette { get; set; }

    /// <summary>Which heads were clustered together: <c>all</c>, or one layer's, such as <c>l1</c>.</summary>
    public string Scope { get; set; } = "";

    /// <summary>The dataset whose curves were clustered.</summary>
    public string Dataset { get; set; } = "";

    /// <summary>Its behavioural type at the last scored checkpoint; empty without a classify step.</summary>
    public string HeadType { get; set; } = "";

    /// <summary>Distance to its cluster's centre, in the method's own measure; NaN when it was not clustered.</summary>
    public double Distance { get; set; }
}
