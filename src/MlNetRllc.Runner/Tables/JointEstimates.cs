using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Runner.Tables;

/// <summary>The estimates of one checkpoint, to be averaged over components and compared between datasets.</summary>
/// <remarks>Those whose status is not ok are missing here: nothing is stated from them.</remarks>
internal sealed class JointEstimates
{
    private readonly Dictionary<(string Component, string Dataset), CombinedRllc> alone = [];
    private readonly Dictionary<(string Component, string Dataset), LossTrace> traces = [];
    private readonly EstimationOptions options;

    public JointEstimates(IEnumerable<RllcRow> estimates, IEnumerable<EstimatedTrace> traces, EstimationOptions options)
    {
        this.options = options;
        foreach (var e in estimates.Where(e => e.IsOk)) alone.TryAdd((e.Component, e.Dataset), new(e.Rllc, e.RllcStdErr));
        foreach (var t in traces) this.traces.TryAdd((t.Component, t.Dataset), t.ToLossTrace());
        var finite = alone.Where(e => double.IsFinite(e.Value.Value)).Select(e => this.traces.GetValueOrDefault(e.Key)).ToList();
        AreJoint = finite.TrueForAll(t => t is not null) && finite.Select(t => (t!.Chains, t.Draws, t.Antithetic)).Distinct().Count() == 1;
    }

    /// <summary>Whether errors of sums count what the estimates share.
    /// Where traces are missing or of different sizes, estimates are taken as independent.</summary>
    public bool AreJoint { get; }

    /// <summary>The mean over components on one dataset; NaN where an estimate is missing.</summary>
    public CombinedRllc Mean(IReadOnlyCollection<string> components, string dataset) =>
        Sum([.. components.Select(c => (c, dataset, 1.0 / components.Count))]);

    /// <summary>The mean over components of what they have on one dataset less what they have on another;
    /// NaN where an estimate is missing.</summary>
    public CombinedRllc MeanDifference(IReadOnlyCollection<string> components, string dataset, string less) =>
        Sum([
            .. components.Select(c => (c, dataset, 1.0 / components.Count)),
            .. components.Select(c => (c, less, -1.0 / components.Count)),
        ]);

    private CombinedRllc Sum(IReadOnlyList<(string Component, string Dataset, double Weight)> terms)
    {
        var unknown = new CombinedRllc(double.NaN, double.NaN);
        var known = terms
            .Select(t => (Estimate: alone.GetValueOrDefault((t.Component, t.Dataset), unknown), t.Weight))
            .ToList();
        if (known.Count == 0 || known.Exists(t => !double.IsFinite(t.Estimate.Value))) return new(double.NaN, double.NaN);
        var error = AreJoint
            ? CombinedRllc.WeightedSum([.. terms.Select(t => (traces[(t.Component, t.Dataset)], t.Weight))], options).StdErr
            : Math.Sqrt(known.Sum(t => t.Weight * t.Weight * t.Estimate.StdErr * t.Estimate.StdErr));
        return new(known.Sum(t => t.Weight * t.Estimate.Value), error);
    }
}
