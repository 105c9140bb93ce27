using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Training;

/// <summary>What a training's state belongs to: it may only be resumed with exactly these. All that
/// changes the weights is named here, by hand.</summary>
internal static class TrainingIdentity
{
    /// <summary>Rises when the same options and data give other weights.</summary>
    public const string Format = "3";

    /// <summary>Names of what must agree, and how each stands in a state's metadata.</summary>
    public static SortedDictionary<string, string> Describe(
        TransformerConfig config, TrainingOptions options, ContextSet train, ContextSet? validation) => new(StringComparer.Ordinal)
    {
        ["format"] = Format,
        ["model"] = Text(config).ToString(),
        ["options"] = Text(options).ToString(),
        ["training data"] = train.Key,
        ["validation data"] = validation?.Key ?? "none",
    };

    /// <summary>A model's shape.</summary>
    public static KeyText Text(TransformerConfig config) => new KeyText()
        .With("VocabularySize", config.VocabularySize)
        .With("ContextLength", config.ContextLength)
        .With("Layers", config.Layers)
        .With("Heads", config.Heads)
        .With("ModelWidth", config.ModelWidth)
        .With("HeadWidth", config.HeadWidth)
        .With("MlpWidth", config.MlpWidth)
        .With("AttentionBiases", config.AttentionBiases)
        .With("UnembeddingBias", config.UnembeddingBias)
        .With("LayerNormEpsilon", config.LayerNormEpsilon);

    /// <summary>How a model is trained, and which weights are kept.</summary>
    public static KeyText Text(TrainingOptions options) => new KeyText()
        .With("Steps", options.Steps)
        .With("BatchSize", options.BatchSize)
        .With("LearningRate", options.LearningRate)
        .With("Schedule", (int)options.Schedule) // by number, as states have had it from the first
        .With("WarmupSteps", options.WarmupSteps)
        .With("FinalLearningRate", options.FinalLearningRate)
        .With("DecayShare", options.DecayShare)
        .With("Beta1", options.Beta1)
        .With("Beta2", options.Beta2)
        .With("Epsilon", options.Epsilon)
        .With("WeightDecay", options.WeightDecay)
        .With("ClipNorm", options.ClipNorm)
        .With("ValidationContexts", options.ValidationContexts)
        .With("Checkpoints", new KeyText()
            .With("Logarithmic", (double?)options.Checkpoints.Logarithmic)
            .With("Every", options.Checkpoints.Every)
            .With("Steps", options.Checkpoints.Steps))
        .With("Initialization", new KeyText()
            .With("Embedding", options.Initialization.Embedding)
            .With("Position", options.Initialization.Position)
            .With("Sinusoidal", options.Initialization.Sinusoidal)
            .With("Blocks", options.Initialization.Blocks)
            .With("Unembedding", options.Initialization.Unembedding))
        .With("Seed", options.Seed)
        .WithLater("Subset", Text(options.Subset), Text(new TrainingSubset()), (text, name, said) => text.With(name, said));

    private static string Text(TrainingSubset subset) => new KeyText()
        .With("Share", subset.Share)
        .With("Seed", subset.Seed)
        .With("Contexts", subset.Contexts)
        .With("LeftOut", subset.LeftOut).ToString();
}
