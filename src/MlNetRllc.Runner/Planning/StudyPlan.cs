using System.Globalization;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Core.Weights;
using MlNetRllc.Heads;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Runner.Planning;

/// <summary>What a run would do with a step.</summary>
/// <param name="Name">The step; behind its combination's name in a sweep.</param>
/// <param name="State">cached, shared (another combination does it), stale or new.</param>
/// <param name="Why">What changed, when it is stale; what is there already, when it was begun.</param>
/// <param name="Size">What there is to do, in words.</param>
/// <param name="Seconds">Estimated time of what is left to do; NaN where it depends on a text that is not here.</param>
/// <param name="MemoryBytes">Estimated peak memory.</param>
/// <param name="DiskBytes">Estimated bytes still to be written.</param>
internal sealed record PlannedStep(string Name, string State, string Why, string Size, double Seconds, double MemoryBytes, double DiskBytes);

/// <summary>Plans a study without reading its texts: states from the manifests, costs from a calibration.</summary>
internal static class StudyPlan
{
    /// <summary>The runtime, libtorch and ML.NET with nothing loaded.</summary>
    private const double BaseMemory = 200 << 20;

    /// <summary>A study of fewer operations takes moments on any machine.</summary>
    private const double LongOperations = 5e12;

    /// <summary>Plans all combinations of a file; what several of them share is counted once.</summary>
    /// <param name="matrix">The combinations.</param>
    /// <param name="runs">Folder of the run folders.</param>
    /// <param name="hashes">The content of the inputs; the files are read when null.</param>
    public static IReadOnlyList<PlannedStep> PlanOf(StudyMatrix matrix, string runs, InputHashes? hashes = null)
    {
        hashes ??= new();
        var (planned, seen) = (new List<PlannedStep>(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var cell in matrix.Cells)
        {
            var keys = StepKey.KeysOf(cell.Pipeline, hashes);
            RunFolder.CheckLinks(matrix.FolderOf(runs, cell), Path.Combine(runs, matrix.Name));
            foreach (var step in PlanOf(cell.Pipeline, keys, matrix.FolderOf(runs, cell)))
            {
                var first = seen.TryGetValue($"{step.Name} {keys[step.Name].Value}", out var other);
                if (!first) seen[$"{step.Name} {keys[step.Name].Value}"] = cell.Name;
                var mine = first && step.State != "cached" ? step with { State = "shared", Why = $"with {other}", Seconds = 0, DiskBytes = 0 } : step;
                planned.Add(matrix.IsSweep ? mine with { Name = $"{cell.Name}/{step.Name}" } : mine);
            }
        }
        return planned;
    }

    /// <summary>Plans one study.</summary>
    public static IReadOnlyList<PlannedStep> PlanOf(Pipeline pipeline, string runFolder) => PlanOf(pipeline, StepKey.KeysOf(pipeline), runFolder);

    /// <summary>Whether a study may take more than moments, told without measuring anything.</summary>
    public static bool IsLong(StudyMatrix matrix) => matrix.Cells.Sum(cell => cell.Pipeline.Steps.Sum(step => step.Kind.Name switch
    {
        "train" => 6.0 * ShapeOf(cell.Pipeline, step).ParameterCount * TokensOf(step.Get<TrainingOptions>(), ShapeOf(cell.Pipeline, step)),
        // Most of a draw is shared by all heads and chains.
        "sample" => WorkOf(cell.Pipeline, step) is var work ? 0.6 * work.Shape.ParameterCount * work.Walked : 0,
        _ => 0,
    })) > LongOperations;

    private static List<PlannedStep> PlanOf(Pipeline pipeline, IReadOnlyDictionary<string, StepKey> keys, string runFolder) => [.. pipeline.Steps.Select(step =>
    {
        var state = StepState.StateOf(runFolder, step, keys[step.Name], name => Manifest.Find(runFolder, name) is { } before && before.Key == keys[name].Value ? before : null, thorough: false);
        if (state.IsDone) return new PlannedStep(step.Name, state.State, "", state.Manifest!.Summary, 0, 0, 0);
        var (size, seconds, memory, disk) = Cost(pipeline, step);
        var (left, begun) = Left(runFolder, step, keys[step.Name]);
        return new PlannedStep(step.Name, state.State, string.Join("; ", ((string[])[state.Why, begun]).Where(w => w.Length > 0)), size, seconds * left, BaseMemory + memory, disk * left);
    })];

    /// <summary>The share of a step that an earlier run has not done, and what it has, in words.</summary>
    private static (double Left, string Begun) Left(string runFolder, StepSpec step, StepKey key)
    {
        if (StepReferences.Find(runFolder, step.Name, key.Value) is not { Paths.Count: > 0 } begun) return (1, "");
        switch (step.Kind.Name)
        {
            case "sample":
                var stored = begun.In(runFolder).Count(File.Exists);
                return (1 - (double)stored / begun.Paths.Count, stored == 0 ? "" : $"{stored:N0} of {begun.Paths.Count:N0} rows are stored");
            case "train":
                var steps = step.Get<TrainingOptions>().Steps;
                var at = Math.Min(StepOf(Path.Combine(begun.In(runFolder).First(), "training-state.safetensors")), steps);
                return (1 - (double)at / steps, at == 0 ? "" : $"{at:N0} of {steps:N0} steps are done");
            default:
                return (1, "");
        }
    }

    private static int StepOf(string trainingState)
    {
        try
        {
            using var file = SafetensorsFile.Open(trainingState);
            return int.TryParse(file.Metadata.GetValueOrDefault("step"), CultureInfo.InvariantCulture, out var step) ? step : 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException) { return 0; }
    }

    private static (string Size, double Seconds, double Memory, double Disk) Cost(Pipeline pipeline, StepSpec step)
    {
        switch (step.Kind.Name)
        {
            case "tokenize":
                var options = step.Get<TokenizeTextOptions>();
                var size = $"{options.VocabularySize:N0} tokens, contexts of {options.ContextLength:N0}";
                if (TextSize.BytesOf(pipeline.Datasets[step.Input("text")]) is not { } bytes) return (size, double.NaN, 0, options.VocabularySize * 24.0);
                var text = TextCalibration.Known;
                return ($"{bytes / 1e6:N0} MB of text, {size}", Math.Min(bytes, options.SampleCharacters) / text.LearnedBytesPerSecond + bytes / text.PackedBytesPerSecond, 0,
                    bytes / TextSize.BytesPerToken * sizeof(int));
            case "train":
                var (config, training) = (ShapeOf(pipeline, step), step.Get<TrainingOptions>());
                var tokens = TokensOf(training, config);
                var (weights, kept) = (4.0 * config.ParameterCount, training.Checkpoints.UpTo(training.Steps).Count);
                // Weights, two moments and one gradient a core; logits and their gradients of the shards at work.
                var memory = weights * (3 + Environment.ProcessorCount) + 6.0 * 4 * config.VocabularySize * Math.Min(training.BatchSize * (double)config.ContextLength, 8192 * Environment.ProcessorCount);
                return ($"{config.ParameterCount:N0} weights, {tokens:N0} tokens, {kept} checkpoints", tokens / Calibration.MeasuredFor(config, Sampling(pipeline, step)).TrainTokensPerSecond, memory, weights * (kept + 3));
            case "checkpoints":
                return ($"{CheckpointFolder.Enumerate(step.Input("folder")).Count()} checkpoints", 1, 4.0 * ShapeOf(pipeline, step).ParameterCount, 0);
            case "sample":
                var (sgld, work) = (step.Get<SgldOptions>(), WorkOf(pipeline, step));
                var contexts = (double)step.Get<SampledTextOptions>().ContextsPerDataset * work.Shape.ContextLength * step.Inputs["datasets"].Count;
                return ($"{work.Rows:N0} rows of {sgld.Chains} chains x {sgld.Draws} draws",
                    work.Walked / Calibration.MeasuredFor(work.Shape, sgld).SampleTokensPerSecond + contexts * TextSize.BytesPerToken / TextCalibration.Known.PackedBytesPerSecond,
                    sizeof(int) * contexts + 4.0 * work.Components * sgld.Chains * work.Shape.HeadWidth * work.Shape.VocabularySize, work.Rows * (sgld.Chains + 1) * sgld.Draws * 28.0);
            case "score":
                var (model, scoring) = (pipeline.InputOf(step, "model"), step.Get<ScoreHeadsOptions>().Scoring);
                var (scored, seen) = (ShapeOf(pipeline, model), CheckpointsOf(model, step.Get<ScoredCheckpointsOptions>().CheckpointCount));
                // Five ways of ablation a head, and the paths between two of them; a forward pass is a third of a training step.
                double heads = scored.Layers * scored.Heads;
                var passes = scoring.AblationContexts * (5 * heads + (scoring.PathAblation ? heads * heads / 2 : 0)) + scoring.ModelContexts + scoring.Sequences;
                return ($"{seen} checkpoints, {heads:N0} heads", seen * passes * scored.ContextLength / (3 * Calibration.MeasuredFor(scored, Sampling(pipeline, model)).TrainTokensPerSecond),
                    4.0 * scored.ParameterCount, seen * heads * 2048);
            default:
                return ("", 1, 0, 0);
        }
    }

    private static int CheckpointsOf(StepSpec model, int count) => CheckpointChoice.Spread(model.Kind.Name == "checkpoints"
        ? [.. Enumerable.Range(0, CheckpointFolder.Enumerate(model.Input("folder")).Count())]
        : model.Get<TrainingOptions>().Checkpoints.UpTo(model.Get<TrainingOptions>().Steps), count).Count;

    private static double TokensOf(TrainingOptions training, TransformerConfig config) => (double)training.Steps * training.BatchSize * config.ContextLength;

    private static (TransformerConfig Shape, int Components, double Rows, double Walked) WorkOf(Pipeline pipeline, StepSpec step)
    {
        var (train, sgld) = (pipeline.InputOf(step, "model"), step.Get<SgldOptions>());
        var shape = ShapeOf(pipeline, train);
        var components = step.Inputs["components"].SelectMany(c => Component.Expand(c, shape)).Distinct(StringComparer.Ordinal).Count();
        var rows = (double)CheckpointsOf(train, step.Get<SampledTextOptions>().CheckpointCount) * components * step.Inputs["datasets"].Count;
        return (shape, components, rows, rows * sgld.Chains * (sgld.BurnIn + (double)sgld.Draws * sgld.Thinning) * sgld.GradientAccumulation * sgld.BatchSize * shape.ContextLength);
    }

    private static TransformerConfig ShapeOf(Pipeline pipeline, StepSpec train)
    {
        if (train.Kind.Name == "checkpoints") return Checkpoint.Load(CheckpointFolder.Enumerate(train.Input("folder")).First().Path).Config;
        var tokenize = pipeline.InputOf(train, "contexts").Get<TokenizeTextOptions>();
        return train.Get<TransformerConfig>() with { VocabularySize = tokenize.VocabularySize, ContextLength = tokenize.ContextLength };
    }

    private static int CheckpointsOf(StepSpec model) => model.Kind.Name == "checkpoints" ? CheckpointFolder.Enumerate(model.Input("folder")).Count()
        : model.Get<TrainingOptions>().Checkpoints.UpTo(model.Get<TrainingOptions>().Steps).Count;

    // The calibration of a shape is shared by its training and its sampling.
    private static SgldOptions? Sampling(Pipeline pipeline, StepSpec train) =>
        pipeline.Steps.FirstOrDefault(s => s.Kind.Name == "sample" && s.Input("model") == train.Name)?.Get<SgldOptions>();
}
