using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Training;
using MlNetRllc.Foundation;

namespace MlNetRllc.Training;

/// <summary>The model to train, how, and which columns the trained one appends.</summary>
/// <remarks><see cref="Layers"/>, <see cref="Steps"/> and the like are short for the same properties of <see cref="Shape"/> and
/// <see cref="Training"/>, which hold ranges and defaults; of one name, the later in an initializer counts.</remarks>
public sealed record LanguageModelOptions
{
    /// <summary>The model's shape. Vocabulary and context length are taken from the data.</summary>
    [Description("the model's shape; vocabulary and context length come from the data")]
    public TransformerConfig Shape { get; init; } = new();

    /// <summary>Steps, rate, checkpoints, seed.</summary>
    [Description("steps, learning rate, checkpoints, seed")]
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Tokens in the vocabulary; null takes the token column's annotation, or else the largest token
    /// that occurs plus one.</summary>
    [Description("tokens in the vocabulary; when absent, what the token column says"), Range(2, 1 << 20)]
    public int? VocabularySize { get; init; }

    /// <summary>Text column that says <c>train</c> or <c>validation</c>; when the table has no such column,
    /// every row is trained on.</summary>
    [Description("text column that says train or validation")]
    public string SplitColumn { get; init; } = RllcColumns.Split;

    /// <summary>Where checkpoints are written, and training resumes from. Null makes a folder of the model's
    /// own under <c>MLContext.TempFilePath</c>: it goes, and the checkpoints in it, with the model's
    /// <see cref="LanguageModelTransformer.Dispose"/> or with the process (where a signal ended that, as
    /// Ctrl+C does: when the next such folder is made), and at once when training fails or is cancelled. A folder
    /// that is named here is never deleted.</summary>
    [Description("folder of the checkpoints; a new temporary one when absent")]
    public string? CheckpointFolder { get; init; }

    /// <summary>Whether the trained model appends <c>TokenLosses</c>.</summary>
    [Description("whether the trained model appends the loss of each token")]
    public bool TokenLosses { get; init; }

    /// <summary>How many of the likeliest next tokens the trained model appends; 0 for none.</summary>
    [Description("likeliest next tokens that the trained model appends; 0 for none"), Range(0, 10_000)]
    public int TopTokens { get; init; }

    /// <summary>How many tokens the trained model appends as a drawn <c>Continuation</c> of the row; 0 for none.</summary>
    [Description("tokens that the trained model draws after the row; 0 for none"), Range(0, 100_000)]
    public int Continuation { get; init; }

    /// <summary>Divides the logits before a token is drawn: 1 draws as the model expects, 0 always takes the likeliest.</summary>
    [Description("temperature at which the continuation is drawn; 0 takes the likeliest token"), Range(0.0, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>Whether the trained model appends <c>Attention</c>.</summary>
    [Description("whether the trained model appends attention patterns")]
    public bool Attention { get; init; }

    /// <summary>Number of blocks.</summary>
    [JsonIgnore]
    public int Layers { get => Shape.Layers; init => Shape = Shape with { Layers = value }; }

    /// <summary>Heads in each layer.</summary>
    [JsonIgnore]
    public int Heads { get => Shape.Heads; init => Shape = Shape with { Heads = value }; }

    /// <summary>Width of the residual stream.</summary>
    [JsonIgnore]
    public int ModelWidth { get => Shape.ModelWidth; init => Shape = Shape with { ModelWidth = value }; }

    /// <summary>Width of one head.</summary>
    [JsonIgnore]
    public int HeadWidth { get => Shape.HeadWidth; init => Shape = Shape with { HeadWidth = value }; }

    /// <summary>Hidden width of each block's MLP; 0 means attention only.</summary>
    [JsonIgnore]
    public int MlpWidth { get => Shape.MlpWidth; init => Shape = Shape with { MlpWidth = value }; }

    /// <summary>Optimiser steps.</summary>
    [JsonIgnore]
    public int Steps { get => Training.Steps; init => Training = Training with { Steps = value }; }

    /// <summary>Contexts in each minibatch.</summary>
    [JsonIgnore]
    public int BatchSize { get => Training.BatchSize; init => Training = Training with { BatchSize = value }; }

    /// <summary>Learning rate.</summary>
    [JsonIgnore]
    public double LearningRate { get => Training.LearningRate; init => Training = Training with { LearningRate = value }; }

    /// <summary>At which steps the weights are kept.</summary>
    [JsonIgnore]
    public CheckpointSchedule Checkpoints { get => Training.Checkpoints; init => Training = Training with { Checkpoints = value }; }

    /// <summary>Seed of the starting weights and of the order of the data.</summary>
    [JsonIgnore]
    public int Seed { get => Training.Seed; init => Training = Training with { Seed = value }; }

    /// <summary>Told how training goes.</summary>
    [JsonIgnore]
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Stops training between steps; the checkpoints written stay, where they have a <see cref="CheckpointFolder"/>.</summary>
    [JsonIgnore]
    public CancellationToken Cancellation { get; init; }
}
