using MlNetRllc.Core.Model;
using MlNetRllc.Core.Training;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Planning;

/// <summary>A kind of step that gives a model with its checkpoints: trained here, or elsewhere.</summary>
internal interface IModelStep
{
    /// <summary>The model's shape, told before the model is there.</summary>
    TransformerConfig ShapeOf(Pipeline pipeline, StepSpec step);

    /// <summary>The training steps of its checkpoints, rising.</summary>
    IReadOnlyList<int> CheckpointStepsOf(StepSpec step);
}

/// <summary>Models of a study, asked for through the steps that give them.</summary>
internal static class ModelSteps
{
    /// <summary>Contexts at once, of models that are not trained here.</summary>
    private const int UsualBatch = 8;

    /// <summary>The shape of the model that a step gives.</summary>
    /// <param name="pipeline">The study.</param>
    /// <param name="model">A step of a kind that gives a model.</param>
    public static TransformerConfig ModelShape(this Pipeline pipeline, StepSpec model) => ((IModelStep)model.Kind).ShapeOf(pipeline, model);

    /// <summary>How many checkpoints of a model are looked at.</summary>
    /// <param name="model">A step of a kind that gives a model.</param>
    /// <param name="wanted">As in <see cref="CheckpointChoice"/>: all when 0.</param>
    public static int CheckpointCount(this StepSpec model, int wanted) =>
        CheckpointChoice.Spread(((IModelStep)model.Kind).CheckpointStepsOf(model), wanted).Count;

    /// <summary>How fast this machine trains a model, in tokens a second.</summary>
    public static double TrainingSpeedOf(this Pipeline pipeline, StepSpec model) =>
        model.TrainingSpeedOf(pipeline.ModelShape(model));

    /// <summary>As <see cref="TrainingSpeedOf(Pipeline, StepSpec)"/>, of a model whose shape is known.</summary>
    public static double TrainingSpeedOf(this StepSpec model, TransformerConfig shape) =>
        TrainingSpeed.TokensPerSecond(shape, model.Options.OfType<TrainingOptions>().FirstOrDefault()?.BatchSize ?? UsualBatch);
}
