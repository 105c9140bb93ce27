using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
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

/// <summary>A kind of step that samples a model: how fast the model is depends on how it is sampled.</summary>
internal interface ISamplingStep
{
    /// <summary>The step whose model is sampled.</summary>
    string ModelOf(StepSpec step);

    /// <summary>How it is sampled.</summary>
    SgldOptions SamplingOf(StepSpec step);
}

/// <summary>Models of a study, asked for through the steps that give them.</summary>
internal static class ModelSteps
{
    /// <summary>The shape of the model that a step gives.</summary>
    /// <param name="pipeline">The study.</param>
    /// <param name="model">A step of a kind that gives a model.</param>
    public static TransformerConfig ModelShape(this Pipeline pipeline, StepSpec model) => ((IModelStep)model.Kind).ShapeOf(pipeline, model);

    /// <summary>How many checkpoints of a model are looked at.</summary>
    /// <param name="model">A step of a kind that gives a model.</param>
    /// <param name="wanted">As in <see cref="Core.Training.CheckpointChoice"/>: all when 0.</param>
    public static int CheckpointCount(this StepSpec model, int wanted) =>
        Core.Training.CheckpointChoice.Spread(((IModelStep)model.Kind).CheckpointStepsOf(model), wanted).Count;

    /// <summary>How fast this machine is at a model. The measurement of a shape is shared by its training and its sampling.</summary>
    public static Calibration SpeedAt(this Pipeline pipeline, StepSpec model) =>
        pipeline.SpeedAt(model, pipeline.ModelShape(model));

    /// <summary>As <see cref="SpeedAt(Pipeline, StepSpec)"/>, of a model whose shape is known.</summary>
    public static Calibration SpeedAt(this Pipeline pipeline, StepSpec model, TransformerConfig shape) =>
        Calibration.MeasuredFor(shape, SamplingOf(pipeline, model));

    private static SgldOptions? SamplingOf(Pipeline pipeline, StepSpec model) => pipeline.Steps
        .Where(s => s.Kind is ISamplingStep kind && kind.ModelOf(s) == model.Name)
        .Select(s => ((ISamplingStep)s.Kind).SamplingOf(s))
        .FirstOrDefault();
}
