namespace MlNetRllc.Runner.Tables;

/// <summary>A row of a classify step's table: the type of one head at one checkpoint, with its evidence.</summary>
internal sealed record HeadTypeRow
{
    public int Step { get; set; }

    public string Component { get; set; } = "";

    /// <summary>previous-token, current-token, induction, multigram or unclear.</summary>
    public string HeadType { get; set; } = "";

    public double PreviousToken { get; set; }

    public double CurrentToken { get; set; }

    public double PrefixMatching { get; set; }

    public double MeanAblation { get; set; }
    public string HeadTypeReason { get; set; } = "";

    public double PreviousTokenMargin { get; set; } = double.NaN;

    public double CurrentTokenMargin { get; set; } = double.NaN;

    public double PrefixMatchingMargin { get; set; } = double.NaN;

    public int PreviousTokenRank { get; set; }

    public int CurrentTokenRank { get; set; }

    public int PrefixMatchingRank { get; set; }
}
