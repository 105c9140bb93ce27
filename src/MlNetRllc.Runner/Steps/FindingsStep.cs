using Microsoft.ML;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>Holds the heads' final rLLCs against what the heads do: memorised multigrams, curvature, types;
/// one dataset against another.</summary>
/// <remarks>It looks at the last checkpoint that has both estimates and scores.
/// Estimates whose status is not ok count in no mean, difference or correlation; the tables say how many did.</remarks>
internal sealed class FindingsStep : StepKind
{
    public override string Name => "findings";

    public override string Component => "the findings";

    public override int Version => 3;

    public override bool IsLight => true;

    public override IReadOnlyList<StepInput> Inputs { get; } =
    [
        StepInput.Step<EstimateStep>("rllc", "an estimate step"), StepInput.Step<ScoreStep>("scores", "a score step"),
        StepInput.Step<ClassifyStep>("types", "a classify step"),
    ];

    public override IReadOnlyList<Type> Options { get; } = [typeof(FindingsOptions)];

    public override IReadOnlyList<string> Tables { get; } = ["", "-types", "-correlations"];

    public override StepCost CostOf(Pipeline pipeline, StepSpec step) => StepCost.OfMoments;

    public override string Run(StudyContext context)
    {
        var estimated = context.ReadInput<EstimatedRows>("rllc");
        var estimates = estimated.ReadEstimates(context.Ml);
        var scores = HeadScoreRow.RowsOf(context.ReadInput<IDataView>("scores"));
        var (dataset, other) = DatasetsOf(context.Step, [.. estimates.Select(e => e.Dataset).Distinct()]);
        var last = LastCommonStep(context.Step, estimates, scores);
        var final = estimates.Where(e => e.Step == last).ToList();
        var estimation = context.Pipeline.InputOf(context.Step, "rllc").Get<EstimationOptions>();
        var joint = new JointEstimates(final, estimated.ReadTraces(context.Ml).Where(t => t.Step == last), estimation);
        var findings = new HeadFindings(final, joint, dataset, other);

        var heads = findings.OfHeads(scores.Where(s => s.Step == last), context.ReadInput<HeadTypes>("types").Last);
        if (heads.Count == 0)
        {
            throw new InvalidDataException(
                $"the step '{context.Step.Input("rllc")}' has no heads on '{dataset}' at step {last}; sample the component heads.");
        }
        context.SaveTable(heads);
        var types = heads.GroupBy(h => h.HeadType).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => findings.OfType(g.Key, [.. g])).ToList();
        context.SaveTable(types, "-types");
        var correlations = findings.Correlations(heads);
        context.SaveTable(correlations, "-correlations");
        context.GiveOutput(heads);
        if (context.Restored is { } before) return before.Summary;

        TellNumbers(context, correlations, types);
        var multigrams = correlations[0];
        var differences = types.Select(k => $"{k.HeadType} {k.MeanDifference:F2} ± {k.MeanDifferenceStdErr:F2}");
        return $"rLLC on {dataset} at step {last} against memorised multigrams: "
            + $"Pearson {multigrams.Pearson:F2}, Spearman {multigrams.Spearman:F2} over {multigrams.Count} heads"
            + (other is null ? "" : $"; on {other} minus {dataset}: " + string.Join(", ", differences));
    }

    private static (string Dataset, string? Other) DatasetsOf(StepSpec step, List<string> datasets)
    {
        string? Known(string? name) => name is null || datasets.Contains(name) ? name
            : throw new InvalidDataException(
                $"the step '{step.Input("rllc")}' has no dataset '{name}'; it has: {string.Join(", ", datasets)}.");
        var options = step.Get<FindingsOptions>();
        var dataset = Known(options.Dataset) ?? datasets[0];
        return (dataset, Known(options.Other) ?? datasets.FirstOrDefault(d => d != dataset));
    }

    private static int LastCommonStep(StepSpec step, List<RllcRow> estimates, List<HeadScoreRow> scores)
    {
        var steps = estimates.Select(e => e.Step).Intersect(scores.Select(s => s.Step)).ToList();
        return steps.Count > 0 ? steps.Max()
            : throw new InvalidDataException(
                $"the steps '{step.Input("rllc")}' and '{step.Input("scores")}' have no checkpoint in common.");
    }

    private static void TellNumbers(StudyContext context, List<CorrelationRow> correlations, List<TypeFindingRow> types)
    {
        foreach (var c in correlations)
        {
            context.TellNumber($"{c.Quantity}.pearson", c.Pearson);
            context.TellNumber($"{c.Quantity}.spearman", c.Spearman);
            context.TellNumber($"{c.Quantity}.n", c.Count);
        }
        foreach (var type in types)
        {
            context.TellNumber($"difference.{type.HeadType}", type.MeanDifference);
            context.TellNumber($"difference.{type.HeadType}.stdErr", type.MeanDifferenceStdErr);
        }
    }
}
