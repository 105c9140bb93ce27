namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>One sequence's rows as the loss sees them.</summary>
internal unsafe struct LossRows
{
    /// <summary>Number of predictions; buffers are padded to a multiple of 8 behind them.</summary>
    public int Count;

    /// <summary>Inputs of the <see cref="LogitMap"/>, [pos, inner].</summary>
    public float* X;

    /// <summary>The part of the unscaled logits that does not depend on X, [pos, vocab]; null for
    /// none.</summary>
    public float* Frozen;

    /// <summary>The scale s_t of the final LayerNorm, [pos].</summary>
    public float* Scale;

    /// <summary>The next tokens, [pos].</summary>
    public int* Targets;

    /// <summary>Which rows count in the loss, [pos]; null when all do.</summary>
    public bool* Counted;

    /// <summary>About the log-sum-exp of each row, in units of log 2, [pos]; null when unknown.</summary>
    public float* Shift;

    /// <summary>Probabilities of a teacher's predictions, [pos, vocab]; null when the targets are
    /// the next tokens.</summary>
    public float* Teacher;

    /// <summary>Sum of q log q of each teacher row, [pos].</summary>
    public float* TeacherEntropy;
}
