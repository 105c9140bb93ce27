using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Training;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;
using MlNetRllc.Training;

namespace MlNetRllc.Runner.Steps;

/// <summary>Trains the language model, or goes on where an earlier run stopped.</summary>
internal sealed class TrainStep : StepKind, IModelStep
{
    /// <summary>Forward and backward, for each weight and predicted token.</summary>
    private const double OperationsPerWeightAndToken = 6;

    /// <summary>Sets of numbers in memory, each of the size of the weights: these, their gradient and two moments.</summary>
    private const int WeightsGradientAndMoments = 4;

    /// <summary>Sets of numbers on the disk besides the checkpoints: the state to go on from.</summary>
    private const int SavedWeightsAndMoments = 3;

    /// <summary>To write a checkpoint and the state beside it, each until the disk has it.</summary>
    private const double SecondsPerCheckpoint = 0.04;

    private static readonly ContentFolder Trainings = new("checkpoints", ContentUnit.Subfolder, "trainings");

    public override string Name => "train";

    public override string Component => "TrainAttentionOnlyTransformer";

    /// <summary>3 since the whole step has the same bits on every processor.</summary>
    public override int Version => 3;

    public override IReadOnlyList<StepInput> Inputs { get; } = [StepInput.Step<TokenizeStep>("contexts", "a tokenize step")];

    public override IReadOnlyList<Type> Options { get; } = [typeof(TransformerConfig), typeof(TrainingOptions)];

    public override IReadOnlyList<string> LeftOut { get; } =
        [nameof(TransformerConfig.VocabularySize), nameof(TransformerConfig.ContextLength)];

    public override IReadOnlyList<ContentFolder> ContentFolders { get; } = [Trainings];

    public TransformerConfig ShapeOf(Pipeline pipeline, StepSpec step)
    {
        var tokenize = pipeline.InputOf(step, "contexts").Get<TokenizeTextOptions>();
        return step.Get<TransformerConfig>() with { VocabularySize = tokenize.VocabularySize, ContextLength = tokenize.ContextLength };
    }

    public IReadOnlyList<int> CheckpointStepsOf(StepSpec step) =>
        step.Get<TrainingOptions>().Checkpoints.UpTo(step.Get<TrainingOptions>().Steps);

    public override double OperationsOf(Pipeline pipeline, StepSpec step) =>
        OperationsPerWeightAndToken * ShapeOf(pipeline, step).ParameterCount * TokensOf(pipeline, step);

    public override StepCost CostOf(Pipeline pipeline, StepSpec step)
    {
        var (config, training, tokens) = (ShapeOf(pipeline, step), step.Get<TrainingOptions>(), TokensOf(pipeline, step));
        var (weightBytes, kept) = ((double)sizeof(float) * config.ParameterCount, CheckpointStepsOf(step).Count);
        var memory = weightBytes * WeightsGradientAndMoments
            + WholeModelGradient.BytesOf(config, config.ContextLength, training.BatchSize, Environment.ProcessorCount);
        var beyond = training.Checkpoints.Steps.Where(s => s > training.Steps).Select(s => $"{s:N0}").ToList();
        return new($"{config.ParameterCount:N0} weights, {tokens:N0} tokens, {kept} checkpoints"
                + (beyond.Count > 0 ? $"; training ends before {string.Join(", ", beyond)}" : ""),
            tokens / step.TrainingSpeedOf(config) + kept * SecondsPerCheckpoint,
            memory, weightBytes * (kept + SavedWeightsAndMoments));
    }

    public override StepRemainder RemainderOf(Pipeline pipeline, StepSpec step, IReadOnlyList<string> begun)
    {
        var steps = step.Get<TrainingOptions>().Steps;
        var at = Math.Min(StepIn(Path.Combine(begun[0], "training-state.safetensors")), steps);
        return new(1 - (double)at / steps, at == 0 ? "" : $"{at:N0} of {steps:N0} steps are done");
    }

    private static InvalidDataException AllHeldOut(StepSpec step) => new InvalidDataException(
        $"the step '{step.Input("contexts")}' holds all of its text out for validation, and leaves nothing to train on: "
        + "documents are held out whole, and this text is one document, or few. "
        + "Set its validationFraction to 0, or give the text as more documents (a card with unit: line or unit: block).")
        .About(ErrorPage.HeldOutWhole);

    public override string Run(StudyContext context)
    {
        var (step, text) = (context.Step, context.ReadInput<TokenizedText>("contexts").Contexts);
        var (train, validation) = (HeldContexts.Split(text, "train") ?? throw AllHeldOut(step), HeldContexts.Split(text, "validation"));
        if (validation is not null && context.Restored is null)
            TextEntropies.Tell(context, train, validation, HeldContexts.VocabularyOf(text) ?? train.LargestToken + 1);
        var key = ContentKeys.OfTraining(train, validation, step.Get<TransformerConfig>(), step.Get<TrainingOptions>());
        var folder = context.Folder.Shared(Trainings.Name, key);
        if (context.Forced) SharedFile.Delete(folder);
        context.ReferToContent([folder]);
        var (isWhole, share, watch) = (!Directory.Exists(folder), new CoreShare(), Stopwatch.StartNew());
        var model = Train(context, text, folder);
        context.GiveOutput(model);
        context.Model = model.Config;
        if (context.Restored is { } done) return done.Summary;
        if (isWhole) RememberSpeed(context, watch.Elapsed.TotalSeconds, share.Now);

        context.SaveTable(context.Ml.Transforms.SelectColumns(RllcColumns.Step, RllcColumns.TrainLoss,
            RllcColumns.ValidationLoss).Fit(model.Checkpoints).Transform(model.Checkpoints));
        foreach (var file in RunFiles.In(folder)) context.KeepFile(file);
        var last = model.Checkpoints.GetColumn<float>(RllcColumns.ValidationLoss).Last();
        context.TellNumber("validationLoss", last);
        return $"{model.Config.ParameterCount:N0} weights, "
            + (float.IsFinite(last) ? $"validation loss {last:F3}" : "no text held out for validation,")
            + $" after {step.Get<TrainingOptions>().Steps} steps";
    }

    public override string? ClosingLine(RunRecord run, StepRecord step, bool isOnly)
    {
        if (!run.Results.TryGetValue($"{step.Name}.validationLoss", out var loss) || !double.IsFinite(loss)) return null;
        return $"Validation loss {(isOnly ? "" : $"of {step.Name} ")}{loss:F3} nats per token"
            + (run.Results.TryGetValue($"{step.Name}.bigramEntropy", out var bigram)
                ? $"; a bigram model has {bigram:F3}, a unigram model {run.Results[$"{step.Name}.unigramEntropy"]:F3}." : ".");
    }

    private static LanguageModelTransformer Train(StudyContext context, IDataView text, string folder) =>
        context.Ml.Rllc.TrainAttentionOnlyTransformer(RllcColumns.Tokens, new LanguageModelOptions
        {
            Shape = context.Step.Get<TransformerConfig>(),
            Training = context.Step.Get<TrainingOptions>(),
            CheckpointFolder = folder,
            Cancellation = context.Cancellation,
            Progress = new ImmediateProgress<TrainingProgress>(p => context.ShowProgress((double)p.Step / p.Steps,
                $"loss {p.Loss:F3}, {p.TokensPerSecond:N0} tokens/s")),
        }).Fit(text);

    private void RememberSpeed(StudyContext context, double seconds, double share)
    {
        var (pipeline, step) = (context.Pipeline, context.Step);
        var training = seconds - CheckpointStepsOf(step).Count * SecondsPerCheckpoint;
        var work = TrainingSpeed.Work(ShapeOf(pipeline, step), step.Get<TrainingOptions>().BatchSize);
        MachineSpeed.Remember(work, TokensOf(pipeline, step) / training, share);
    }

    private double TokensOf(Pipeline pipeline, StepSpec step) =>
        (double)step.Get<TrainingOptions>().Steps * step.Get<TrainingOptions>().BatchSize * ShapeOf(pipeline, step).ContextLength;

    private static int StepIn(string trainingState)
    {
        try
        {
            using var file = SafetensorsFile.Open(trainingState);
            return int.TryParse(file.Metadata.GetValueOrDefault("step"), CultureInfo.InvariantCulture, out var step) ? step : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException) { return 0; }
    }
}
