using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Core.Training;

/// <summary>Which contexts make a step's batch: each epoch meets every context once, in an order
/// that seed and epoch alone decide.</summary>
internal sealed class ContextOrder(int seed, int count, int batchSize)
{
    private int[] order = [];
    private long epoch = -1;

    /// <summary>The contexts of a step's batch; a batch may end one epoch and begin the next.</summary>
    public int[] BatchAt(long step)
    {
        var batch = new int[batchSize];
        for (var i = 0; i < batchSize; i++)
        {
            var (wanted, at) = Math.DivRem(step * batchSize + i, count);
            if (wanted != epoch)
                (epoch, order) = (wanted, Shuffled(NamedRandom.Stream("order of training", seed, wanted), count));
            batch[i] = order[at];
        }
        return batch;
    }

    /// <summary>Fisher-Yates on a named stream.</summary>
    public static int[] Shuffled(NamedRandom random, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.Integer(i + 1, (ulong)i, 0);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
