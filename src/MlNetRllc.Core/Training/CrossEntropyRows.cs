using System.Numerics.Tensors;

namespace MlNetRllc.Core.Training;

/// <summary>Softmax, cross-entropy and its gradient for rows of logits, in place, a row at a time
/// while it lies in the L1 cache.</summary>
internal static class CrossEntropyRows
{
    /// <summary>Replaces logits by the gradient of the scaled loss with respect to them.</summary>
    /// <param name="logits">[rows, vocab], row-major; on return scale (softmax - onehot(target)).</param>
    /// <param name="targets">[rows], token ids below vocab.</param>
    /// <param name="scale">What multiplies the gradient, such as 1 / (predicted tokens of the
    /// batch).</param>
    /// <returns>Sum over the rows of -log softmax(logits)[target], in nats, not scaled.</returns>
    public static double ToGradient(Span<float> logits, ReadOnlySpan<long> targets, float scale)
    {
        var vocab = logits.Length / targets.Length;
        var loss = 0.0;
        for (var i = 0; i < targets.Length; i++)
        {
            var row = logits.Slice(i * vocab, vocab);
            var target = (int)targets[i];
            var largest = TensorPrimitives.Max<float>(row);
            TensorPrimitives.Subtract(row, largest, row);
            var shifted = row[target];
            TensorPrimitives.Exp<float>(row, row);
            var sum = TensorPrimitives.Sum<float>(row);
            loss += Math.Log(sum) - shifted;
            TensorPrimitives.Multiply(row, scale / sum, row);
            row[target] -= scale;
        }
        return loss;
    }
}
