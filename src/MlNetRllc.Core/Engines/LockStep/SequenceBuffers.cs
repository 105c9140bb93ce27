namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>What passes over sequences of one length need: buffers for each thread, and what w* makes of as many sequences as
/// are in hand at once.</summary>
internal sealed class SequenceBuffers : IDisposable
{
    /// <summary>Allocates the caches; passes come as threads ask for them.</summary>
    /// <param name="sizes">The model's sizes.</param>
    /// <param name="positions">Predictions of a sequence.</param>
    /// <param name="together">Sequences in hand at once.</param>
    /// <param name="keepLogits">Whether the logits of w* are kept.</param>
    /// <param name="teacher">Whether a teacher's predictions are kept.</param>
    public SequenceBuffers(PaddedSizes sizes, int positions, int together, bool keepLogits, bool teacher)
    {
        Positions = positions;
        Passes = new(() => new(sizes, positions));
        Caches = [.. Enumerable.Range(0, together).Select(_ => new SequenceCache(sizes, positions, keepLogits, teacher))];
    }

    /// <summary>Predictions of a sequence.</summary>
    public int Positions { get; }

    /// <summary>Buffers of a thread's passes.</summary>
    public Pool<SequencePass> Passes { get; }

    /// <summary>What w* makes of the sequences in hand.</summary>
    public SequenceCache[] Caches { get; }

    public void Dispose()
    {
        Passes.Dispose();
        foreach (var cache in Caches) cache.Dispose();
    }
}
