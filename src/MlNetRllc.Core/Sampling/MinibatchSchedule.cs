using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Core.Sampling;

/// <summary>Which rows make the minibatch of a step: distinct rows, uniformly, and fresh at each
/// step.</summary>
/// <remarks>
/// A minibatch is independent of all before it (no epochs), hence of the chain's position: that is
/// what makes the difference to the baseline on the same minibatch an unbiased estimate.
/// </remarks>
public sealed class MinibatchSchedule
{
    private readonly NamedRandom stream;
    private readonly int rowCount, batchSize;

    /// <summary>Minibatches of <paramref name="batchSize"/> out of <paramref name="rowCount"/>
    /// rows.</summary>
    /// <param name="stream">Whence the choice comes.</param>
    /// <param name="rowCount">Rows (contexts, examples) of the dataset.</param>
    /// <param name="batchSize">Rows of a minibatch.</param>
    /// <exception cref="ArgumentException">There are fewer rows than a minibatch needs.</exception>
    public MinibatchSchedule(NamedRandom stream, int rowCount, int batchSize)
    {
        if (rowCount < batchSize)
            throw new ArgumentException($"The dataset has {rowCount} rows, fewer than a minibatch of {batchSize}; "
                + "give more text or a smaller BatchSize.");
        (this.stream, this.rowCount, this.batchSize) = (stream, rowCount, batchSize);
    }

    /// <summary>The rows of the minibatch of a step, [batch], distinct, by Floyd's sampling
    /// (Bentley and Floyd, CACM 30 (1987)).</summary>
    /// <param name="step">From 0, in any order.</param>
    public int[] RowsAt(long step)
    {
        var chosen = new HashSet<int>(batchSize);
        var rows = new int[batchSize];
        for (var i = 0; i < batchSize; i++)
        {
            var last = rowCount - batchSize + i;
            var row = stream.Integer(last + 1, (ulong)step, (ulong)i);
            rows[i] = chosen.Add(row) ? row : last;
            chosen.Add(rows[i]);
        }
        return rows;
    }
}
