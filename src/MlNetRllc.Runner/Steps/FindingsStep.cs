using Microsoft.ML;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>Holds the heads' final rLLCs against what the heads do: memorised multigrams, curvature, types; one dataset against another.</summary>
/// <remarks>At the last checkpoint that has both estimates and scores. Estimates that are not finite count nowhere; the tables say how many there were.</remarks>
internal static class FindingsStep
{
    public static string Run(StudyContext context, StepSpec step)
    {
        var (ml, options) = (context.Ml, step.Get<FindingsOptions>());
        var (estimates, traces) = EstimatedRows.ReadFrom(ml, context.Output<IDataView>(step, "rllc"));
        var scores = ml.Data.CreateEnumerable<HeadScoreRow>(context.Output<IDataView>(step, "scores"), reuseRowObject: false).ToList();
        var types = context.Output<HeadTypes>(step, "types").Last;
        var datasets = estimates.Select(e => e.Dataset).Distinct().ToList();
        var dataset = Known(options.Dataset, datasets, step) ?? datasets[0];
        var other = Known(options.Other, datasets, step) ?? datasets.FirstOrDefault(d => d != dataset);
        var steps = estimates.Select(e => e.Step).Intersect(scores.Select(s => s.Step)).ToList();
        if (steps.Count == 0) throw new InvalidDataException($"the steps '{step.Input("rllc")}' and '{step.Input("scores")}' have no checkpoint in common.");
        var last = steps.Max();

        var final = estimates.Where(e => e.Step == last).ToList();
        var joint = new JointEstimates(final, traces.Where(t => t.Step == last), context.Pipeline.InputOf(step, "rllc").Get<EstimationOptions>());
        var byHead = final.ToDictionary(e => (e.Component, e.Dataset));
        var heads = scores.Where(s => s.Step == last && byHead.ContainsKey((s.Component, dataset))).Select(s =>
        {
            var one = byHead[(s.Component, dataset)];
            var two = other is null ? null : byHead.GetValueOrDefault((s.Component, other));
            var difference = other is null ? new(double.NaN, double.NaN) : joint.MeanDifference([s.Component], other, dataset);
            return new HeadFindingRow
            {
                Component = s.Component, HeadType = types.GetValueOrDefault(s.Component, ""), Step = last, Rllc = one.Rllc, RllcStdErr = one.RllcStdErr,
                OtherRllc = two?.Rllc ?? double.NaN, OtherRllcStdErr = two?.RllcStdErr ?? double.NaN, Difference = difference.Value, DifferenceStdErr = difference.StdErr,
                MemorisedMultigrams = s.MemorisedMultigrams, PrefixMatching = s.PrefixMatching, MeanAblation = s.MeanAblation, HessianTrace = s.HessianTrace, FisherTrace = s.FisherTrace,
            };
        }).ToList();
        if (heads.Count == 0) throw new InvalidDataException($"the step '{step.Input("rllc")}' has no heads on '{dataset}' at step {last}; sample the component heads.");
        Tables.Save(context, step, ml.Data.LoadFromEnumerable(heads));
        var kinds = heads.GroupBy(h => h.HeadType).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Together(g.Key, [.. g], joint, dataset, other)).ToList();
        Tables.Save(context, step, ml.Data.LoadFromEnumerable(kinds), "-types");
        var correlations = Correlations(heads);
        Tables.Save(context, step, ml.Data.LoadFromEnumerable(correlations), "-correlations");
        context.Put(step, heads);
        if (context.Restored is { } before) return before.Summary;

        foreach (var c in correlations)
        {
            context.Tell(step, $"{c.Quantity}.pearson", c.Pearson);
            context.Tell(step, $"{c.Quantity}.spearman", c.Spearman);
            context.Tell(step, $"{c.Quantity}.n", c.Count);
        }
        foreach (var kind in kinds)
        {
            context.Tell(step, $"difference.{kind.HeadType}", kind.MeanDifference);
            context.Tell(step, $"difference.{kind.HeadType}.stdErr", kind.MeanDifferenceStdErr);
        }
        var multigrams = correlations[0];
        return $"rLLC on {dataset} at step {last} against memorised multigrams: Pearson {multigrams.Pearson:F2}, Spearman {multigrams.Spearman:F2} over {multigrams.Count} heads"
            + (other is null ? "" : $"; on {other} minus {dataset}: " + string.Join(", ", kinds.Select(k => $"{k.HeadType} {k.MeanDifference:F2} ± {k.MeanDifferenceStdErr:F2}")));
    }

    private static string? Known(string? name, List<string> datasets, StepSpec step) => name is null || datasets.Contains(name) ? name
        : throw new InvalidDataException($"the step '{step.Input("rllc")}' has no dataset '{name}'; it has: {string.Join(", ", datasets)}.");

    private static TypeFindingRow Together(string type, List<HeadFindingRow> heads, JointEstimates joint, string dataset, string? other)
    {
        var known = joint.Mean([.. heads.Where(h => double.IsFinite(h.Rllc)).Select(h => h.Component)], dataset);
        string[] compared = [.. heads.Where(h => double.IsFinite(h.Difference)).Select(h => h.Component)];
        var difference = other is null ? new(double.NaN, double.NaN) : joint.MeanDifference(compared, other, dataset);
        return new()
        {
            HeadType = type, Heads = heads.Count, MeanRllc = known.Value, MeanRllcStdErr = known.StdErr,
            MeanDifference = difference.Value, MeanDifferenceStdErr = difference.StdErr, DifferenceInStdErrs = difference.Value / difference.StdErr,
        };
    }

    private static List<CorrelationRow> Correlations(List<HeadFindingRow> heads)
    {
        CorrelationRow Against(string quantity, Func<HeadFindingRow, double> value)
        {
            var found = Correlation.Between([.. heads.Select(h => h.Rllc)], [.. heads.Select(value)]);
            return new() { Quantity = quantity, Pearson = found.Pearson, Spearman = found.Spearman, Count = found.Count };
        }
        return
        [
            Against("memorisedMultigrams", h => h.MemorisedMultigrams), Against("meanAblation", h => h.MeanAblation),
            Against("hessianTrace", h => h.HessianTrace), Against("fisherTrace", h => h.FisherTrace),
        ];
    }
}
