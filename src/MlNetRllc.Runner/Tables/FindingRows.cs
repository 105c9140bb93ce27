namespace MlNetRllc.Runner.Tables;

/// <summary>A row of a findings step's table: a head at the last checkpoint that has estimates and scores.</summary>
internal sealed class HeadFindingRow
{
    public string Component { get; set; } = "";

    public string HeadType { get; set; } = "";

    public int Step { get; set; }

    /// <summary>On the dataset that the model knows.</summary>
    public double Rllc { get; set; }

    public double RllcStdErr { get; set; }

    /// <summary>On the other dataset; NaN where there is none.</summary>
    public double OtherRllc { get; set; }

    public double OtherRllcStdErr { get; set; }

    /// <summary>Other minus first.</summary>
    public double Difference { get; set; }

    /// <summary>Of the draws' differences, with what both share.</summary>
    public double DifferenceStdErr { get; set; }

    public double MemorisedMultigrams { get; set; }

    public double PrefixMatching { get; set; }

    public double MeanAblation { get; set; }

    public double HessianTrace { get; set; }

    public double FisherTrace { get; set; }
}

/// <summary>A row of a findings step's table <c>STEP-types.csv</c>: the heads of one type together.</summary>
internal sealed class TypeFindingRow
{
    public string HeadType { get; set; } = "";

    public int Heads { get; set; }

    public double MeanRllc { get; set; }

    /// <summary>With what the heads share, as they met the same minibatches.</summary>
    public double MeanRllcStdErr { get; set; }

    public double MeanDifference { get; set; }

    /// <summary>With what the heads and both datasets share.</summary>
    public double MeanDifferenceStdErr { get; set; }

    /// <summary>Mean difference in its standard errors.</summary>
    public double DifferenceInStdErrs { get; set; }
}

/// <summary>A row of a findings step's table <c>STEP-correlations.csv</c>: the final rLLC against another quantity of heads.</summary>
internal sealed class CorrelationRow
{
    public string Quantity { get; set; } = "";

    public double Pearson { get; set; }

    public double Spearman { get; set; }

    /// <summary>Heads in which both are known.</summary>
    public int Count { get; set; }
}
