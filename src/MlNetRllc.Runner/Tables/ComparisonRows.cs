namespace MlNetRllc.Runner.Tables;

/// <summary>A row of a compare step's table: how far clusters of heads by one source of features agree with the heads' types.</summary>
internal sealed class ComparisonRow
{
    /// <summary>patterns, control, rllc, rllc-datasets, ablation or participation.</summary>
    public string Source { get; set; } = "";

    /// <summary>Heads of known type.</summary>
    public int Heads { get; set; }

    /// <summary>Types among them.</summary>
    public int Types { get; set; }

    public int Clusters { get; set; }

    /// <summary>Features that count.</summary>
    public int Features { get; set; }

    /// <summary>Values that are missing among these, each taken for its feature's mean.</summary>
    public int Missing { get; set; }

    /// <summary>Adjusted Rand index of clusters and types; NaN where there are not two types and a feature.</summary>
    public double AdjustedRand { get; set; }

    /// <summary>Share of permutations of the types that reach it, themselves among them.</summary>
    public double PValue { get; set; }

    /// <summary>What was left out, and why a value is missing.</summary>
    public string Note { get; set; } = "";
}

/// <summary>A row of a compare step's table <c>STEP-induction.csv</c>: where the induction heads of a layer stand among its
/// heads.</summary>
internal sealed class InductionRankRow
{
    /// <summary>patterns, control or ablation.</summary>
    public string Source { get; set; } = "";

    /// <summary>What heads are ordered by, the largest first.</summary>
    public string RankedBy { get; set; } = "";

    public int Layer { get; set; }

    /// <summary>Heads of the layer that are ordered.</summary>
    public int Heads { get; set; }

    public int InductionHeads { get; set; }

    /// <summary>Whether all induction heads stand before every other head.</summary>
    public bool InductionFirst { get; set; }

    /// <summary>Their ranks, from 1.</summary>
    public string InductionRanks { get; set; } = "";

    /// <summary>How often they stand in front by chance: 1 / C(Heads, InductionHeads).</summary>
    public double InductionChance { get; set; }

    /// <summary>Which heads have no value, and why a value is missing.</summary>
    public string Note { get; set; } = "";
}

/// <summary>A row of a compare step's table <c>STEP-features.csv</c>: one feature of one head.</summary>
internal sealed class HeadFeatureRow
{
    public string Source { get; set; } = "";

    public string Component { get; set; } = "";

    public string HeadType { get; set; } = "";

    /// <summary>From 0; -1 where the head is in none.</summary>
    public int Cluster { get; set; } = -1;

    public string Feature { get; set; } = "";

    /// <summary>Before it is standardised; NaN where it is missing.</summary>
    public double Value { get; set; }
}
