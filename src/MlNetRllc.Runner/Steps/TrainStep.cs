using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Training;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Training;

namespace MlNetRllc.Runner.Steps;

/// <summary>Trains the language model, or goes on where an earlier run stopped.</summary>
internal static class TrainStep
{
    public static string Run(StudyContext context, StepSpec step)
    {
        var text = context.Output<TokenizedText>(step, "contexts");
        var (train, validation) = (HeldContexts.Split(text.Contexts, "train")!, HeldContexts.Split(text.Contexts, "validation"));
        var vocabulary = HeldContexts.VocabularyOf(text.Contexts) ?? train.LargestToken + 1;
        var options = step.Get<TrainingOptions>();
        if (validation is not null && context.Restored is null)
        {
            var entropy = NGramEntropy.Predicting(train, validation, vocabulary);
            context.Tell(step, "unigramEntropy", entropy.Unigram);
            context.Tell(step, "bigramEntropy", entropy.Bigram);
        }

        // A folder for each combination of data and options: changing an option starts anew, changing it back finds the old weights.
        var identity = JsonSerializer.Serialize(new { train = train.Key, validation = validation?.Key, shape = step.Get<TransformerConfig>(), options }, RunRecord.Json);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..12];
        var folder = context.Folder.Shared("checkpoints", key);
        if (context.Forced && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        context.Refer([folder]);
        var model = context.Ml.Rllc.TrainAttentionOnlyTransformer("Tokens", new LanguageModelOptions
        {
            Shape = step.Get<TransformerConfig>(),
            Training = options,
            CheckpointFolder = folder,
            Cancellation = context.Cancellation,
            Progress = new ImmediateProgress<TrainingProgress>(p => context.Display.Progress(step.Name, (double)p.Step / p.Steps,
                $"loss {p.Loss:F3}, {p.TokensPerSecond:N0} tokens/s, {p.Remaining:mm\\:ss} left")),
        }).Fit(text.Contexts);
        context.Put(step, model);
        if (context.Restored is { } done) return done.Summary;

        var checkpoints = context.Ml.Transforms.SelectColumns("Step", "TrainLoss", "ValidationLoss").Fit(model.Checkpoints).Transform(model.Checkpoints);
        Tables.Save(context, step, checkpoints);
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal)) context.Keep(file);
        var last = model.Checkpoints.GetColumn<float>("ValidationLoss").Last();
        context.Tell(step, "validationLoss", last);
        return $"{model.Config.ParameterCount:N0} weights, "
            + (float.IsFinite(last) ? $"validation loss {last:F3}" : "no text held out for validation,") + $" after {options.Steps} steps";
    }
}
