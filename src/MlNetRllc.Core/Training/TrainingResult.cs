using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Training;

/// <summary>Weights kept during training.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="TrainLoss">Mean loss of the minibatches since the checkpoint before, each taken
/// before its step, in nats per token; at step 0 the loss of the first minibatch.</param>
/// <param name="ValidationLoss">Mean loss on the validation contexts at these weights, in nats per
/// token; NaN without a validation set.</param>
/// <param name="Path">Full path of the safetensors file.</param>
public sealed record CheckpointInfo(int Step, double TrainLoss, double ValidationLoss, string Path);

/// <summary>How far training is.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">Mean minibatch loss since the report before, in nats per token.</param>
/// <param name="TokensPerSecond">Tokens predicted per second since the report before.</param>
/// <param name="Remaining">Time left at the mean rate so far.</param>
public readonly record struct TrainingProgress(
    int Step,
    int Steps,
    double Loss,
    double TokensPerSecond,
    TimeSpan Remaining);

/// <summary>What training gives.</summary>
public sealed record TrainingResult
{
    /// <summary>The model's shape.</summary>
    public required TransformerConfig Config { get; init; }

    /// <summary>The weights kept, by ascending step; the first is step 0.</summary>
    public required IReadOnlyList<CheckpointInfo> Checkpoints { get; init; }

    /// <summary>The weights after the last step.</summary>
    public required WeightSet Weights { get; init; }
}
