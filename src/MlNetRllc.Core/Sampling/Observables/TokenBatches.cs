namespace MlNetRllc.Core.Sampling.Observables;

/// <summary>Gathers the differences of single tokens over batches of draws, and hands each batch on when it is full.</summary>
/// <remarks>Only the batch in hand is in memory: 4 bytes a token and chain.</remarks>
internal sealed class TokenBatches
{
    private readonly ITokenSink sink;
    private readonly int row, probe, draws, batches;
    private readonly float[][] sums; // [chain][context, pos - 1]
    private readonly HashSet<int> lost = [];
    private int done, first;

    /// <summary>Nothing is gathered yet.</summary>
    /// <param name="sink">Takes the batches.</param>
    /// <param name="row">The row's index in its run.</param>
    /// <param name="probe">The probe set's index.</param>
    /// <param name="tokens">Tokens of the probe set.</param>
    /// <param name="chains">Chains of the row.</param>
    /// <param name="draws">Draws that will be observed.</param>
    /// <param name="batches">Batches that they make.</param>
    public TokenBatches(ITokenSink sink, int row, int probe, int tokens, int chains, int draws, int batches)
    {
        (this.sink, this.row, this.probe, this.draws, this.batches) = (sink, row, probe, draws, Math.Min(batches, draws));
        sums = [.. Enumerable.Range(0, chains).Select(_ => new float[tokens])];
    }

    /// <summary>Adds the differences of a context.</summary>
    public void Take(int chain, int at, ReadOnlySpan<double> losses, ReadOnlySpan<double> baseline)
    {
        var own = sums[chain].AsSpan(at, losses.Length);
        for (var t = 0; t < losses.Length; t++) own[t] += (float)(losses[t] - baseline[t]);
    }

    /// <summary>Ends a draw, and with it perhaps a batch.</summary>
    /// <param name="observed">The chains that took part.</param>
    public void EndDraw(IReadOnlySet<int> observed)
    {
        for (var chain = 0; chain < sums.Length; chain++) if (!observed.Contains(chain)) lost.Add(chain);
        done++;
        // Batch b ends where draw (b + 1) draws / batches does.
        if ((long)done * batches / draws > (long)(done - 1) * batches / draws) Flush();
    }

    /// <summary>Hands on what is gathered.</summary>
    public void Flush()
    {
        if (done == first) return;
        for (var chain = 0; chain < sums.Length; chain++)
        {
            var own = sums[chain];
            if (lost.Contains(chain)) Array.Fill(own, float.NaN);
            else for (var t = 0; t < own.Length; t++) own[t] /= done - first;
            sink.Write(new(row, probe, chain, first, done - first, own));
            Array.Clear(own);
        }
        first = done;
    }
}
