using MlNetRllc.Core.Estimation;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>What the estimates of one checkpoint say of its heads.</summary>
/// <param name="estimates">The estimates.</param>
/// <param name="joint">The same, to be averaged and compared.</param>
/// <param name="dataset">The dataset that the model knows.</param>
/// <param name="other">The dataset on which heads may stand apart; null where there is none.</param>
internal sealed class HeadFindings(IReadOnlyList<RllcRow> estimates, JointEstimates joint, string dataset, string? other)
{
    private static readonly CombinedRllc Unknown = new(double.NaN, double.NaN);

    private readonly Dictionary<(string Component, string Dataset), RllcRow> byHead = estimates.ToDictionary(e => (e.Component, e.Dataset));

    /// <summary>The scored heads that have an estimate on the dataset.</summary>
    public List<HeadFindingRow> OfHeads(IEnumerable<HeadScoreRow> scores, IReadOnlyDictionary<string, string> types) =>
        [.. scores.Where(s => byHead.ContainsKey((s.Component, dataset))).Select(s => OfHead(s, types.GetValueOrDefault(s.Component, "")))];

    /// <summary>The heads of one type together.</summary>
    public TypeFindingRow OfType(string type, List<HeadFindingRow> heads)
    {
        var known = joint.Mean([.. heads.Select(h => h.Component).Where(c => byHead[(c, dataset)].IsOk)], dataset);
        var difference = DifferenceOf([.. heads.Where(h => double.IsFinite(h.Difference)).Select(h => h.Component)]);
        return new()
        {
            HeadType = type, Heads = heads.Count, MeanRllc = known.Value, MeanRllcStdErr = known.StdErr,
            MeanDifference = difference.Value, MeanDifferenceStdErr = difference.StdErr,
            DifferenceInStdErrs = difference.Value / difference.StdErr,
        };
    }

    /// <summary>The final rLLC against other quantities of the heads.</summary>
    public List<CorrelationRow> Correlations(List<HeadFindingRow> heads)
    {
        CorrelationRow Against(string quantity, Func<HeadFindingRow, double> value)
        {
            var found = Correlation.Between([.. heads.Select(h => byHead[(h.Component, dataset)].IsOk ? h.Rllc : double.NaN)],
                [.. heads.Select(value)]);
            return new() { Quantity = quantity, Pearson = found.Pearson, Spearman = found.Spearman, Count = found.Count };
        }
        return
        [
            Against("memorisedMultigrams", h => h.MemorisedMultigrams), Against("meanAblation", h => h.MeanAblation),
            Against("hessianTrace", h => h.HessianTrace), Against("fisherTrace", h => h.FisherTrace),
        ];
    }

    private HeadFindingRow OfHead(HeadScoreRow scores, string type)
    {
        var one = byHead[(scores.Component, dataset)];
        var two = other is null ? null : byHead.GetValueOrDefault((scores.Component, other));
        var difference = DifferenceOf([scores.Component]);
        return new()
        {
            Component = scores.Component, HeadType = type, Step = one.Step, Rllc = one.Rllc, RllcStdErr = one.RllcStdErr,
            OtherRllc = two?.Rllc ?? double.NaN, OtherRllcStdErr = two?.RllcStdErr ?? double.NaN,
            Difference = difference.Value, DifferenceStdErr = difference.StdErr,
            MemorisedMultigrams = scores.MemorisedMultigrams, PrefixMatching = scores.PrefixMatching, MeanAblation = scores.MeanAblation,
            HessianTrace = scores.HessianTrace, FisherTrace = scores.FisherTrace,
        };
    }

    private CombinedRllc DifferenceOf(string[] components) => other is null ? Unknown : joint.MeanDifference(components, other, dataset);
}
