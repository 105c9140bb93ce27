namespace MlNetRllc.Checkpoints;

/// <summary>One row of a table of checkpoints.</summary>
public sealed class CheckpointRow
{
    /// <summary>Training step.</summary>
    public int Step { get; set; }

    /// <summary>Mean loss since the checkpoint before, nats per token; NaN where it is not known.</summary>
    public float TrainLoss { get; set; } = float.NaN;

    /// <summary>Mean loss on validation contexts, nats per token; NaN where it is not known.</summary>
    public float ValidationLoss { get; set; } = float.NaN;

    /// <summary>Path of the checkpoint, a safetensors file or a PyTorch state dict.</summary>
    public string Checkpoint { get; set; } = "";
}
