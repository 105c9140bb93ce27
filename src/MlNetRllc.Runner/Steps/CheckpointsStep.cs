using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Core.Weights;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Runner.Steps;

/// <summary>Takes checkpoints that were trained elsewhere in the place of training, and judges each on the text.</summary>
internal static class CheckpointsStep
{
    /// <summary>Contexts of each split on which a checkpoint's loss is taken.</summary>
    private const int Judged = 128, AtOnce = 32;

    public static string Run(StudyContext context, StepSpec step)
    {
        var text = context.Output<TokenizedText>(step, "contexts").Contexts;
        var found = CheckpointFolder.Enumerate(step.Input("folder")).Select(c => (c.Step, Path: Path.GetFullPath(c.Path))).ToList();
        var (config, weights) = Checkpoint.Load(found[^1].Path);
        Check(config, text, step);
        var table = context.Folder.At("tables", $"{step.Name}.csv");
        var (train, validation) = (HeldContexts.Split(text, "train"), HeldContexts.Split(text, "validation"));
        var losses = context.Restored is null ? found.Select((c, i) =>
        {
            context.Cancellation.ThrowIfCancellationRequested();
            context.Display.Progress(step.Name, (double)i / found.Count, Path.GetFileName(c.Path));
            var (shape, held) = Checkpoint.Load(c.Path);
            if (shape != config) throw new InvalidDataException($"{c.Path} holds a model of another shape than {found[^1].Path}.");
            using var model = new AttentionOnlyTransformer(shape);
            model.Load(held);
            return (Train: Loss(model, train), Validation: Loss(model, validation));
        }).ToList() : Read(table);
        var output = new LanguageModelTransformer(context.Ml, "Tokens", config, weights,
            [.. found.Select((c, i) => new CheckpointInfo(c.Step, losses[i].Train, losses[i].Validation, c.Path))], new(TokenLosses: false, TopTokens: 0, Attention: false));
        context.Put(step, output);
        if (context.Restored is { } done) return done.Summary;

        if (train is not null && validation is not null)
        {
            var entropy = NGramEntropy.Predicting(train, validation, config.VocabularySize);
            context.Tell(step, "unigramEntropy", entropy.Unigram);
            context.Tell(step, "bigramEntropy", entropy.Bigram);
        }
        Tables.Save(context, step, context.Ml.Transforms.SelectColumns("Step", "TrainLoss", "ValidationLoss").Fit(output.Checkpoints).Transform(output.Checkpoints));
        context.Tell(step, "validationLoss", losses[^1].Validation);
        return $"{found.Count} checkpoints of {config.ParameterCount:N0} weights, steps {found[0].Step} to {found[^1].Step}, loss on the text {losses[^1].Train:F3} at the last";
    }

    private static void Check(TransformerConfig config, IDataView text, StepSpec step)
    {
        var (vocabulary, length) = (HeldContexts.VocabularyOf(text), ((VectorDataViewType)text.Schema["Tokens"].Type).Size);
        if (vocabulary != config.VocabularySize)
            throw new InvalidDataException($"the model of {step.Input("folder")} has {config.VocabularySize} tokens, the step '{step.Input("contexts")}' {vocabulary}; set its vocabularySize to {config.VocabularySize} and give it the model's own tokenizer (tokenizerFolder or tokenizer; one of fewer entries is padded).");
        if (length != config.ContextLength)
            throw new InvalidDataException($"the model of {step.Input("folder")} takes contexts of {config.ContextLength} tokens, the step '{step.Input("contexts")}' gives {length}; set its contextLength to {config.ContextLength}.");
    }

    private static double Loss(AttentionOnlyTransformer model, ContextSet? contexts)
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

    private static List<(double Train, double Validation)> Read(string table)
    {
        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        return [.. File.ReadLines(table).Skip(1).Select(line => line.Split(',')).Select(cells => (Number(cells[1]), Number(cells[2])))];
    }
}
