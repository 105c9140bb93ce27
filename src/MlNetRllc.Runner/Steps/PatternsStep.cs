using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>Turns what was observed of probe sets into rLLCs of patterns: which tokens a component answers to.</summary>
internal sealed class PatternsStep : StepKind
{
    /// <summary>To estimate a cell and to write it in both formats, and of it a context in a resample.</summary>
    private const double SecondsPerCell = 2e-4, SecondsPerResampledContext = 4e-9;

    /// <summary>A cell in memory, with its texts, and in both tables.</summary>
    private const double BytesPerCell = 1500, DiskBytesPerCell = 450;

    /// <summary>Below it a profile is counted as another than 1.</summary>
    private const double LeastQ = 0.05;

    public override string Name => "patterns";

    public override string Component => "EstimatePatternRllc";

    public override bool IsLight => true;

    public override IReadOnlyList<StepInput> Inputs { get; } =
        [StepInput.Step<SampleStep>("traces", "a sample step with probes") with { With = SampleStep.Probes }];

    public override IReadOnlyList<Type> Options { get; } = [typeof(EstimationOptions), typeof(PatternEstimationOptions)];

    // w* is taken on the same tokens, and a component may work against a pattern.
    public override IReadOnlyList<string> LeftOut { get; } =
    [
        nameof(EstimationOptions.Baseline), nameof(EstimationOptions.BaselineBatches),
        nameof(EstimationOptions.NegativeErrors),
    ];

    public override StepCost CostOf(Pipeline pipeline, StepSpec step)
    {
        var sample = pipeline.InputOf(step, "traces");
        var rows = SampleStep.WorkOf(pipeline, sample).Rows;
        var patterns = SampledContexts.ProbesOf(pipeline, sample)
            .Select(p => (p.Probe.Contexts, Count: 1.0 + p.Probe.PatternNames.Count)).ToList();
        var (cells, contexts) = (rows * patterns.Sum(p => p.Count), rows * patterns.Sum(p => p.Count * p.Contexts));
        var resampled = contexts * step.Get<PatternEstimationOptions>().Resamples;
        var seconds = StepCost.OfMoments.Seconds + cells * SecondsPerCell + resampled * SecondsPerResampledContext;
        return new($"{cells:N0} cells", seconds, cells * BytesPerCell, cells * DiskBytesPerCell);
    }

    public override string Run(StudyContext context)
    {
        if (context.Restored is { } before)
        {
            context.GiveOutput(context.LoadTable());
            return before.Summary;
        }
        var (step, traces) = (context.Step, context.ReadInput<IDataView>("traces"));
        var table = context.Ml.Data.Cache(context.Ml.Rllc.EstimatePatternRllc(
            traces, step.Get<EstimationOptions>(), step.Get<PatternEstimationOptions>()));
        context.GiveOutput(table);
        context.SaveTable(table);
        var statuses = table.GetColumn<string>(RllcColumns.Status)
            .GroupBy(s => s).OrderByDescending(g => g.Count()).ToList();
        var differing = table.GetColumn<double>("QValue").Zip(table.GetColumn<string>(RllcColumns.Status))
            .Count(cell => cell.First < LeastQ && cell.Second == RllcStatus.Ok.ToWord());
        context.TellNumber("differing", differing);
        return $"{statuses.Sum(g => g.Count()):N0} cells: "
            + string.Join(", ", statuses.Select(g => $"{g.Count():N0} {g.Key}"))
            + $"; {differing:N0} ok with q < {LeastQ}";
    }
}
