namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>Where results go, beside the loss; each is left out when null.</summary>
internal unsafe struct LossResults
{
    /// <summary>Gradient of <see cref="LossRows.X"/>, [pos, inner]; overwritten.</summary>
    public float* X;

    /// <summary>Gradient of <see cref="LossRows.Scale"/>, [pos]; overwritten.</summary>
    public float* Scale;

    /// <summary>Gradient of the map, [inner, vocab]; added to.</summary>
    public float* Map;

    /// <summary>Gradient of the bias in natural units, [vocab]; added to.</summary>
    public float* Bias;

    /// <summary>Log-sum-exp of each row, in units of log 2, [pos]; overwritten.</summary>
    public float* LogSums;

    /// <summary>Loss of each row, [pos], nats; overwritten.</summary>
    public double* Losses;

    /// <summary>Whether no gradient is wanted.</summary>
    public readonly bool AreLossesAlone => X == null && Scale == null && Map == null && Bias == null;
}
