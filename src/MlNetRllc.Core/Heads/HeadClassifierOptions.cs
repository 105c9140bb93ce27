using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MlNetRllc.Core.Heads;

/// <summary>When a head's score stands out among those of the other heads.</summary>
public sealed record HeadClassifierOptions
{
    /// <summary>Least margin of a head that stands out: how many times the crowd's score, or that
    /// of even attention.</summary>
    [Description("how many times the crowd's score a head that stands out must have"), Range(1.0, 1000.0)]
    public double LeastMargin { get; init; } = 5;

    /// <summary>Margin from which on a head that does not stand out is no longer one of the crowd,
    /// but unclear.</summary>
    [Description("margin above which a head that does not stand out is unclear"), Range(1.0, 1000.0)]
    public double CrowdMargin { get; init; } = 2.5;

    /// <summary>A head that stands out in two scores is unclear when the lesser margin is above
    /// this share of the greater.</summary>
    [Description("share of the greater margin above which a second one makes a head unclear"), Range(0.0, 1.0)]
    public double TieShare { get; init; } = 0.8;

    /// <summary>How many standard errors an ablation's effect must differ from nothing for a head
    /// to count as multigram.</summary>
    [Description("standard errors by which an ablation must change the loss"), Range(0.0, 100.0)]
    public double LeastEffect { get; init; } = 2;
}
