using System.Runtime.InteropServices;
using MlNetRllc.Core.Model;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Training;

/// <summary>Mean next-token loss of a batch and its gradient, without a tensor of tokens x
/// vocabulary.</summary>
/// <remarks>
/// Autograd covers the model up to its last LayerNorm. From there the gradient is written out: with
/// y the normed residual and D = (softmax(y W_U + b_U) - onehot) / tokens, dy = D W_U^T, dW_U = y^T
/// D, db_U = column sums of D, a block of rows at a time, so that the logits never leave the cache.
/// </remarks>
internal static class BatchGradient
{
    /// <summary>Logits of one block: 2 MiB in float32.</summary>
    private const int BlockValues = 1 << 19;

    /// <summary>Sum of the losses of a shard of the batch, and its part of the gradient of the
    /// batch's mean loss.</summary>
    /// <param name="model">A float32 model on the CPU.</param>
    /// <param name="weights">Its parameters in the order of <see cref="WeightNames.Shapes"/>.</param>
    /// <param name="ids">Token ids of the shard, [batch, pos], int64.</param>
    /// <param name="tokens">Predicted tokens of the whole batch, over which the mean is taken.</param>
    /// <returns>The sum in nats; the gradients in the order of <paramref name="weights"/>, in the
    /// caller's dispose scope.</returns>
    public static (double LossSum, Tensor[] Gradients) Compute(
        AttentionOnlyTransformer model, Parameter[] weights, Tensor ids, long tokens)
    {
        using var scope = NewDisposeScope();
        var heads = model.Config.UnembeddingBias ? 2 : 1; // W_U, b_U: the last of the canonical order
        var body = weights[..^heads];
        var w = weights[body.Length].detach(); // [d_model, vocab]
        var b = heads == 2 ? weights[^1].detach() : null; // [vocab]

        var final = model.FinalResidual(ids.narrow(1, 0, ids.shape[1] - 1)); // [rows, d_model]
        var y = final.detach(); // [rows, d_model]
        var targets = ids.narrow(1, 1, ids.shape[1] - 1).reshape(-1).contiguous(); // [rows]; a view where pos is 2
        var dy = empty_like(y); // [rows, d_model]
        var dw = zeros_like(w); // [d_model, vocab]
        var db = b is null ? null : zeros_like(b); // [vocab]
        var wT = w.t(); // [vocab, d_model]
        var loss = 0.0;
        var block = Math.Max(16, BlockValues / model.Config.VocabularySize);
        using (no_grad())
        {
            for (long row = 0; row < y.shape[0]; row += block)
            {
                using var inner = NewDisposeScope();
                var rows = Math.Min(block, y.shape[0] - row);
                var part = y.narrow(0, row, rows); // [block, d_model]
                var d = b is null ? part.mm(w) : addmm(b, part, w, 1, 1); // [block, vocab]
                loss += CrossEntropyRows.ToGradient(MemoryMarshal.Cast<byte, float>(d.bytes),
                    MemoryMarshal.Cast<byte, long>(targets.narrow(0, row, rows).bytes), 1f / tokens);
                dy.narrow(0, row, rows).copy_(d.mm(wT));
                dw.addmm_(part.t(), d, 1, 1);
                db?.add_(d.sum(dim: 0), Native.Scalars.Kept(1));
            }
        }
        var below = autograd.grad([final], body, [dy]);
        Tensor[] all = db is null ? [.. below, dw] : [.. below, dw, db];
        foreach (var gradient in all) gradient.MoveToOuterDisposeScope();
        return (loss, all);
    }
}
