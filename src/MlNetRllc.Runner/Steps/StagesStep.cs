using Microsoft.ML;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Estimation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>Stages of training from the whole model's coefficient.</summary>
internal sealed class StagesStep : StepKind
{
    public override string Name => "stages";

    public override string Component => "FindStages";

    public override bool IsLight => true;

    public override IReadOnlyList<StepInput> Inputs { get; } =
        [StepInput.Step<EstimateStep>("rllc", "an estimate step that has the component full")];

    public override IReadOnlyList<Type> Options { get; } = [typeof(PlateauOptions), typeof(StagesOptions)];

    public override StepCost CostOf(Pipeline pipeline, StepSpec step) => StepCost.OfMoments;

    public override string Run(StudyContext context)
    {
        var rllc = context.ReadInput<EstimatedRows>("rllc").Table;
        var dataset = context.Step.Get<StagesOptions>().Dataset;
        var stages = context.Ml.Rllc.FindStages(rllc, context.Step.Get<PlateauOptions>(), dataset: dataset);
        context.SaveTable(stages);
        context.GiveOutput(stages);
        if (context.Restored is { } before) return before.Summary;
        var ends = context.Ml.Data.CreateEnumerable<StageRow>(stages, reuseRowObject: false).ToList();
        context.TellNumber("stages", ends.Count);
        return ends.Count == 1 ? "one stage: the whole model's coefficient has no plateau between two others"
            : $"{ends.Count} stages, which end at steps {string.Join(", ", ends.Select(EndOf))}";
    }

    private static string EndOf(StageRow stage) => double.IsFinite(stage.ToLow) && double.IsFinite(stage.ToHigh)
        ? FormattableString.Invariant($"{stage.To} ({stage.ToLow:f0} to {stage.ToHigh:f0})")
        : FormattableString.Invariant($"{stage.To}");
}
