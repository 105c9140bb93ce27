using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Core.Weights;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Text;

namespace MlNetRllc.Runner.Planning;

/// <summary>What a run would do with a step.</summary>
/// <param name="Name">The step.</param>
/// <param name="State">cached, stale or new.</param>
/// <param name="Why">What changed, when it is stale.</param>
/// <param name="Size">What there is to do, in words.</param>
/// <param name="Seconds">Estimated time from nothing; NaN where it depends on a text that was not read.</param>
/// <param name="MemoryBytes">Estimated peak memory.</param>
/// <param name="DiskBytes">Estimated bytes written.</param>
internal sealed record PlannedStep(string Name, string State, string Why, string Size, double Seconds, double MemoryBytes, double DiskBytes);

/// <summary>Plans a study without reading its texts: states from the manifests, costs from a calibration.</summary>
internal static class StudyPlan
{
    /// <summary>The runtime, libtorch and ML.NET with nothing loaded.</summary>
    private const double BaseMemory = 200 << 20;

    public static IReadOnlyList<PlannedStep> Of(Pipeline pipeline, string runFolder)
    {
        var keys = StepKey.Of(pipeline);
        return [.. pipeline.Steps.Select(step =>
        {
            var (size, seconds, memory, disk) = Cost(pipeline, step);
            var state = StepState.Of(runFolder, step, keys[step.Name], name => Manifest.Find(runFolder, name) is { } before && before.Key == keys[name].Value ? before : null, thorough: false);
            return new PlannedStep(step.Name, state.State, state.Why, size, seconds, BaseMemory + memory, disk);
        })];
    }

    private static (string Size, double Seconds, double Memory, double Disk) Cost(Pipeline pipeline, StepSpec step)
    {
        switch (step.Kind.Name)
        {
            case "tokenize":
                var options = step.Get<TokenizeTextOptions>();
                return ($"{options.VocabularySize:N0} tokens, contexts of {options.ContextLength:N0}", double.NaN, 0, options.VocabularySize * 24.0);
            case "train":
                var (config, training) = (ShapeOf(pipeline, step), step.Get<TrainingOptions>());
                var tokens = (double)training.Steps * training.BatchSize * config.ContextLength;
                var (weights, kept) = (4.0 * config.ParameterCount, training.Checkpoints.UpTo(training.Steps).Count);
                // Weights, two moments and one gradient a core; logits and their gradients of the shards at work.
                var memory = weights * (3 + Environment.ProcessorCount) + 6.0 * 4 * config.VocabularySize * Math.Min(training.BatchSize * (double)config.ContextLength, 8192 * Environment.ProcessorCount);
                return ($"{config.ParameterCount:N0} weights, {tokens:N0} tokens, {kept} checkpoints", tokens / Calibration.Of(config, Sampling(pipeline, step)).TrainTokensPerSecond, memory, weights * (kept + 3));
            case "checkpoints":
                return ($"{CheckpointFolder.Enumerate(step.Input("folder")).Count()} checkpoints", 1, 4.0 * ShapeOf(pipeline, step).ParameterCount, 0);
            case "sample":
                var (train, sgld) = (pipeline.Steps.Single(s => s.Name == step.Input("model")), step.Get<SgldOptions>());
                var shape = ShapeOf(pipeline, train);
                var components = step.Inputs["components"].SelectMany(c => Component.Expand(c, shape)).Distinct(StringComparer.Ordinal).Count();
                var rows = (double)CheckpointsOf(train) * components * step.Inputs["datasets"].Count;
                var walked = rows * sgld.Chains * (sgld.BurnIn + (double)sgld.Draws * sgld.Thinning) * sgld.GradientAccumulation * sgld.BatchSize * shape.ContextLength;
                var contexts = 4.0 * step.Get<SampledTextOptions>().ContextsPerDataset * shape.ContextLength * step.Inputs["datasets"].Count;
                return ($"{rows:N0} rows of {sgld.Chains} chains x {sgld.Draws} draws", walked / Calibration.Of(shape, sgld).SampleTokensPerSecond,
                    contexts + 4.0 * components * sgld.Chains * shape.HeadWidth * shape.VocabularySize, rows * (sgld.Chains + 1) * sgld.Draws * 28.0);
            default:
                return ("", 1, 0, 0);
        }
    }

    private static TransformerConfig ShapeOf(Pipeline pipeline, StepSpec train)
    {
        if (train.Kind.Name == "checkpoints") return Checkpoint.Load(CheckpointFolder.Enumerate(train.Input("folder")).First().Path).Config;
        var tokenize = pipeline.Steps.Single(s => s.Name == train.Input("contexts")).Get<TokenizeTextOptions>();
        return train.Get<TransformerConfig>() with { VocabularySize = tokenize.VocabularySize, ContextLength = tokenize.ContextLength };
    }

    private static int CheckpointsOf(StepSpec model) => model.Kind.Name == "checkpoints" ? CheckpointFolder.Enumerate(model.Input("folder")).Count()
        : model.Get<TrainingOptions>().Checkpoints.UpTo(model.Get<TrainingOptions>().Steps).Count;

    // The calibration of a shape is shared by its training and its sampling.
    private static SgldOptions? Sampling(Pipeline pipeline, StepSpec train) =>
        pipeline.Steps.FirstOrDefault(s => s.Kind.Name == "sample" && s.Input("model") == train.Name)?.Get<SgldOptions>();
}
