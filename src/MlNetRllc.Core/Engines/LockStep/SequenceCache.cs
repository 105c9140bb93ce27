using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>What the unperturbed weights w* make of one sequence: computed once a minibatch, read
/// by every walker.</summary>
internal sealed unsafe class SequenceCache : IDisposable
{
    private readonly NativeArena arena = new();
    private readonly nint[] residual, beforeMlp, norm, queryKey, z;

    public SequenceCache(PaddedSizes sizes, int positions, bool keepLogits, bool teacher)
    {
        var padded = PaddedSizes.Pad(positions);
        nint Rows(int width) => (nint)arena.Floats((long)padded * width);
        residual = [.. Enumerable.Range(0, sizes.Layers + 1).Select(_ => Rows(sizes.Model))];
        beforeMlp = [.. Enumerable.Range(0, sizes.Mlp == 0 ? 0 : sizes.Layers).Select(_ => Rows(sizes.Model))];
        norm = [.. Enumerable.Range(0, sizes.Layers).Select(_ => Rows(sizes.Model))];
        queryKey = [.. Enumerable.Range(0, sizes.Layers).Select(_ => Rows(sizes.Model))];
        z = [.. Enumerable.Range(0, sizes.Layers).Select(_ => Rows(sizes.Heads * sizes.Head))];
        Scale = arena.Floats(padded);
        Shift = arena.Floats(padded);
        if (keepLogits) Logits = arena.Floats((long)padded * sizes.LogitStride);
        if (!teacher) return;
        Teacher = arena.Floats((long)padded * sizes.LogitStride);
        TeacherEntropy = arena.Floats(padded);
    }

    /// <summary>A cache for passes in which nothing is frozen: it holds the tokens and an estimate of the log-sum-exp.</summary>
    public SequenceCache(int positions)
    {
        residual = beforeMlp = norm = queryKey = z = [];
        Shift = arena.Floats(PaddedSizes.Pad(positions));
    }

    /// <summary>Tokens read, [pos].</summary>
    public int[] Tokens { get; set; } = [];

    /// <summary>Tokens to be predicted, [pos].</summary>
    public int[] Targets { get; set; } = [];

    /// <summary>Which of them count in the loss, [pos]; null when all do.</summary>
    public bool[]? Counted { get; private set; }

    /// <summary>Takes the tokens of a context.</summary>
    /// <param name="contexts">The dataset.</param>
    /// <param name="row">Which context.</param>
    /// <param name="masked">Whether a mask of the dataset is taken too.</param>
    public void Read(ContextSet contexts, int row, bool masked = true)
    {
        var context = contexts[row];
        Tokens = context[..^1].ToArray();
        Targets = context[1..].ToArray();
        Counted = masked && contexts.IsMasked ? contexts.MaskOf(row).ToArray() : null;
    }

    /// <summary>Loss summed over the positions that count.</summary>
    public double Loss { get; set; }

    /// <summary>Scale of the final LayerNorm, [pos]; null where nothing is frozen.</summary>
    public float* Scale { get; }

    /// <summary>Log-sum-exp of the logits, in units of log 2, [pos].</summary>
    public float* Shift { get; }

    /// <summary>Unscaled logits r C, [pos, vocab]; null unless a low-rank component needs them.</summary>
    public float* Logits { get; }

    /// <summary>A teacher's probabilities, [pos, vocab], and each row's sum of q log q; null
    /// without a teacher.</summary>
    public float* Teacher { get; }

    /// <inheritdoc cref="Teacher"/>
    public float* TeacherEntropy { get; }

    /// <summary>Residual stream before a layer, [pos, d_model]; of index Layers: after the last.</summary>
    public float* Residual(int layer) => (float*)residual[layer];

    /// <summary>Residual stream after a layer's attention, [pos, d_model]: what its MLP reads or, without
    /// one, what the next layer does.</summary>
    public float* AfterAttention(int layer) => (float*)(beforeMlp.Length == 0 ? residual[layer + 1] : beforeMlp[layer]);

    /// <summary>What a layer's heads read.</summary>
    public HeadInputs Inputs(int layer) => new((float*)queryKey[layer], (float*)norm[layer]);

    /// <summary>All heads' outputs, [pos, head x d_head].</summary>
    public float* Z(int layer) => (float*)z[layer];

    public void Dispose() => arena.Dispose();
}
