using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Native;
using MlNetRllc.Core.Training;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Runner.Steps;

/// <summary>Takes checkpoints that were trained elsewhere in the place of training, and judges each on the text.</summary>
internal sealed class CheckpointsStep : StepKind, IModelStep
{
    /// <summary>Contexts of each split on which a checkpoint's loss is taken.</summary>
    private const int Judged = 128, AtOnce = 32;

    /// <summary>To open a checkpoint and build its model.</summary>
    private const double SecondsPerCheckpoint = 0.01;

    /// <summary>Weights, read and checked.</summary>
    private const double ReadBytesPerSecond = 3e8;

    /// <summary>Weights below which a model is judged on one thread.</summary>
    private const int SmallModel = 1_000_000;

    public override string Name => "checkpoints";

    public override string Component => "LoadCheckpoints";

    public override int Version => 2;

    public override IReadOnlyList<StepInput> Inputs { get; } =
    [
        new("folder", InputType.Folder,
            "folder of checkpoints trained elsewhere: safetensors or PyTorch state dicts, TransformerLens names, step_N"),
        StepInput.Step<TokenizeStep>("contexts", "a tokenize step with the model's own vocabulary and context length"),
    ];

    public override IReadOnlyList<Type> Options { get; } = [];

    public TransformerConfig ShapeOf(Pipeline pipeline, StepSpec step) =>
        Checkpoint.Load(CheckpointFolder.Enumerate(step.Input("folder")).First().Path).Config;

    public IReadOnlyList<int> CheckpointStepsOf(StepSpec step) => [.. CheckpointFolder.Enumerate(step.Input("folder")).Select(c => c.Step)];

    public override StepCost CostOf(Pipeline pipeline, StepSpec step)
    {
        var (shape, count) = (ShapeOf(pipeline, step), CheckpointStepsOf(step).Count);
        var bytes = (double)sizeof(float) * shape.ParameterCount;
        // A forward pass is a third of a training step.
        var judging = 2.0 * Judged * shape.ContextLength / (3 * step.TrainingSpeedOf(shape));
        var seconds = SecondsPerCheckpoint + bytes / ReadBytesPerSecond + judging;
        return new($"{count} checkpoints", StepCost.OfMoments.Seconds + count * seconds, 2 * bytes, 0);
    }

    public override string Run(StudyContext context)
    {
        var (step, text) = (context.Step, context.ReadInput<TokenizedText>("contexts").Contexts);
        var found = CheckpointFolder.Enumerate(step.Input("folder")).Select(c => (c.Step, Path: Path.GetFullPath(c.Path))).ToList();
        var (config, weights) = Checkpoint.Load(found[^1].Path);
        CheckText(config, text, step);
        var (train, validation) = (HeldContexts.Split(text, "train"), HeldContexts.Split(text, "validation"));
        var losses = context.Restored is not null ? ReadLosses(context.Folder.At("tables", $"{step.Name}.csv"))
            : Judge(context, [.. found.Select(c => c.Path)], config, train, validation);
        var output = new LanguageModelTransformer(context.Ml, RllcColumns.Tokens, config, weights,
            [.. found.Select((c, i) => new CheckpointInfo(c.Step, losses[i].Train, losses[i].Validation, c.Path))],
            new(TokenLosses: false, TopTokens: 0, Attention: false));
        context.GiveOutput(output);
        context.Model = config;
        if (context.Restored is { } done) return done.Summary;

        if (train is not null && validation is not null) TextEntropies.Tell(context, train, validation, config.VocabularySize);
        context.SaveTable(context.Ml.Transforms.SelectColumns(RllcColumns.Step, RllcColumns.TrainLoss,
            RllcColumns.ValidationLoss).Fit(output.Checkpoints).Transform(output.Checkpoints));
        context.TellNumber("validationLoss", losses[^1].Validation);
        return $"{found.Count} checkpoints of {config.ParameterCount:N0} weights, steps {found[0].Step} to {found[^1].Step}, "
            + $"loss at the last: {string.Join(", ", Told())}";

        IEnumerable<string> Told()
        {
            if (train is not null) yield return Sentence(losses[^1].Train, train, "training");
            if (validation is not null) yield return Sentence(losses[^1].Validation, validation, "validation");
        }
    }

    // What another program needs to know to find the same number: which contexts, and that the first token of each is not predicted.
    private static string Sentence(double loss, ContextSet contexts, string split) => string.Create(CultureInfo.InvariantCulture,
        $"{loss:F3} nats a token on the first {Math.Min(Judged, contexts.Count)} of {contexts.Count:N0} {split} contexts");

    private static void CheckText(TransformerConfig config, IDataView text, StepSpec step)
    {
        var (vocabulary, length) = (HeldContexts.VocabularyOf(text), ((VectorDataViewType)text.Schema[RllcColumns.Tokens].Type).Size);
        if (vocabulary != config.VocabularySize)
        {
            throw new InvalidDataException(
                $"the model of {step.Input("folder")} has {config.VocabularySize} tokens, "
                + $"the step '{step.Input("contexts")}' {vocabulary}; set its vocabularySize to {config.VocabularySize} "
                + "and give it the model's own tokenizer (tokenizerFolder or tokenizer; one of fewer entries is padded).");
        }
        if (length != config.ContextLength)
        {
            throw new InvalidDataException(
                $"the model of {step.Input("folder")} takes contexts of {config.ContextLength} tokens, "
                + $"the step '{step.Input("contexts")}' gives {length}; set its contextLength to {config.ContextLength}.");
        }
    }

    /// <summary>The losses of each checkpoint on both splits, nats per token.</summary>
    private static List<(double Train, double Validation)> Judge(
        StudyContext context, IReadOnlyList<string> paths, TransformerConfig config,
        ContextSet? train, ContextSet? validation)
    {
        // The threads of libtorch wait for each other at every operation:
        // of a small model, beside a busy program, that takes ten times as long as one alone.
        using var alone = config.ParameterCount < SmallModel ? CallerThread.Only() : null;
        return [.. paths.Select((path, i) =>
        {
            context.Cancellation.ThrowIfCancellationRequested();
            context.ShowProgress((double)i / paths.Count, Path.GetFileName(path));
            var (shape, held) = Checkpoint.Load(path);
            if (shape != config) throw new InvalidDataException($"{path} holds a model of another shape than {paths[^1]}.");
            using var model = new AttentionOnlyTransformer(shape);
            model.Load(held);
            return (LossOn(model, train), LossOn(model, validation));
        })];
    }

    private static double LossOn(AttentionOnlyTransformer model, ContextSet? contexts)
    {
        if (contexts is null) return double.NaN;
        using var ungraded = no_grad();
        var rows = Math.Min(Judged, contexts.Count);
        var sum = 0.0;
        for (var first = 0; first < rows; first += AtOnce)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(AtOnce, rows - first);
            long[] ids = [.. Enumerable.Range(first, count).SelectMany(row => contexts[row].ToArray())];
            sum += count * model.PerTokenLoss(tensor(ids).view(count, contexts.ContextLength)).to(ScalarType.Float64).mean().item<double>();
        }
        return sum / rows;
    }

    private static List<(double Train, double Validation)> ReadLosses(string table)
    {
        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        var lines = SharedFile.ReadAllText(table).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);
        return [.. lines.Select(line => line.Split(',')).Select(cells => (Number(cells[1]), Number(cells[2])))];
    }
}
