using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Core.Sampling.Observables;

/// <summary>What one row's chains do to one probe set, as it comes.</summary>
/// <remarks>A chain's numbers are its own: chains may be taken from several threads.</remarks>
internal sealed class RowObserver
{
    private readonly ObservedProbe probe;
    private readonly TokenBatches? tokens;
    private readonly int every;
    private readonly double[][] sums, contextSums; // [chain][pattern] of the draw in hand; [chain][context, pattern] of all
    private readonly List<double>[] differences; // [pattern, chain], each [draw]

    /// <summary>Nothing is observed yet.</summary>
    /// <param name="probe">The probe set.</param>
    /// <param name="chains">Chains of the row.</param>
    /// <param name="every">Draws for each observed one.</param>
    /// <param name="tokens">What is kept of single tokens, if anything is.</param>
    public RowObserver(ObservedProbe probe, int chains, int every, TokenBatches? tokens)
    {
        (this.probe, this.every, this.tokens) = (probe, every, tokens);
        var patterns = probe.Patterns.Count;
        sums = [.. Enumerable.Range(0, chains).Select(_ => new double[patterns])];
        contextSums = [.. Enumerable.Range(0, chains).Select(_ => new double[probe.Set.Contexts.Count * patterns])];
        differences = [.. Enumerable.Range(0, patterns * chains).Select(_ => new List<double>())];
    }

    private int Chains => sums.Length;

    /// <summary>Takes the losses of a context at a chain.</summary>
    public void Take(int chain, int context, ReadOnlySpan<double> losses)
    {
        var at = probe.Losses.AsSpan(context * probe.Width, probe.Width);
        for (var p = 0; p < probe.Patterns.Count; p++)
        {
            var sum = 0.0;
            foreach (var t in probe.Picked(context, p)) sum += losses[t] - at[t];
            sums[chain][p] += sum;
            contextSums[chain][context * probe.Patterns.Count + p] += sum;
        }
        tokens?.Take(chain, context * probe.Width, losses, at);
    }

    /// <summary>Ends an observed draw.</summary>
    /// <param name="observed">Which chains took part; the others have diverged.</param>
    public void EndDraw(IReadOnlySet<int> observed)
    {
        for (var chain = 0; chain < Chains; chain++)
            for (var p = 0; p < probe.Patterns.Count; p++)
            {
                var mean = observed.Contains(chain) ? sums[chain][p] / probe.Tokens[p] : double.NaN;
                differences[p * Chains + chain].Add(double.IsFinite(mean) ? (float)mean : double.NaN);
                sums[chain][p] = 0;
            }
        tokens?.EndDraw(observed);
    }

    /// <summary>What was observed.</summary>
    public ProbeTrace ToTrace()
    {
        tokens?.Flush();
        var draws = differences[0].Count;
        int[] finite = [.. Enumerable.Range(0, Chains).Where(chain => differences[chain].All(double.IsFinite))];
        return new()
        {
            Probe = probe.Set.Name,
            Patterns = probe.Patterns,
            Tokens = probe.Tokens,
            BaselineLosses = probe.BaselineLosses,
            Every = every,
            Draws = draws,
            Differences = [.. differences.SelectMany(chain => chain)],
            Contexts = probe.Set.Contexts.Count,
            ContextTokens = probe.ContextTokens,
            ContextSums = [.. contextSums[0].Select((_, i) => (float)(MeanOf(finite, i) / draws))],
        };
    }

    private double MeanOf(int[] finite, int cell) => finite.Average(chain => (double?)contextSums[chain][cell]) ?? double.NaN;
}
