using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>Stages of training from the whole model's coefficient.</summary>
internal static class StagesStep
{
    public static string Run(StudyContext context, StepSpec step)
    {
        var rllc = context.Output<IDataView>(step, "rllc");
        var stages = context.Ml.Rllc.FindStages(rllc, step.Get<PlateauOptions>(), dataset: step.Get<StagesOptions>().Dataset);
        Tables.Save(context, step, stages);
        context.Put(step, stages);
        if (context.Restored is { } before) return before.Summary;
        var ends = stages.GetColumn<int>("To").ToList();
        context.Tell(step, "stages", ends.Count);
        return ends.Count == 1 ? "one stage: the whole model's coefficient has no plateau between two others"
            : $"{ends.Count} stages, which end at steps {string.Join(", ", ends)}";
    }
}
