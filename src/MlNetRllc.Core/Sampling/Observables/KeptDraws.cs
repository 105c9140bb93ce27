using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Sampling.Observables;

/// <summary>Observations of patterns that came later, made from the draws that rows have kept of every token
/// (<see cref="KeptTokens.Draws"/>): nothing is sampled.</summary>
public sealed class KeptDraws
{
    private readonly ProbeObservation observed;
    private readonly List<ObservedProbe> probes;

    /// <summary>Asks the patterns.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">The checkpoint, whose losses patterns may ask for.</param>
    /// <param name="observed">The probe sets with the patterns that are wanted, observed as they were.</param>
    /// <exception cref="ArgumentException">A probe set does not fit the model; the message says which.</exception>
    public KeptDraws(TransformerConfig config, WeightSet weights, ProbeObservation observed)
    {
        ArgumentNullException.ThrowIfNull(observed);
        this.observed = observed;
        using var engine = new LockStepEngine(config, weights, [], observed.Probes[0].Contexts)
        {
            Probes = [.. observed.Probes.Select(p => p.Contexts)],
        };
        probes = [.. observed.Probes.Select((set, p) => new ObservedProbe(set, engine.TokenLossesOfCenter(p)))];
    }

    /// <summary>What the kept draws of a row say of the patterns: what the row would have recorded, to the rounding of single
    /// precision.</summary>
    /// <param name="trace">The row.</param>
    /// <param name="draws">Its records on the probe set of an index, each of one draw, in the order of draws.</param>
    public LossTrace Observe(LossTrace trace, Func<int, IEnumerable<TokenRecord>> draws)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(draws);
        return trace with { Observations = [.. probes.Select((probe, p) => Observe(probe, trace.Chains, draws(p)))] };
    }

    private ProbeTrace Observe(ObservedProbe probe, int chains, IEnumerable<TokenRecord> records)
    {
        var observer = new RowObserver(probe, chains, observed.Options.Every, tokens: null);
        var losses = new double[probe.Width];
        foreach (var draw in records.GroupBy(r => r.FirstDraw))
        {
            var living = new HashSet<int>();
            foreach (var record in draw.Where(r => !float.IsNaN(r.Differences.Span[0])))
            {
                living.Add(record.Chain);
                for (var context = 0; context < probe.Set.Contexts.Count; context++)
                {
                    var own = record.Differences.Span.Slice(context * probe.Width, probe.Width);
                    for (var t = 0; t < losses.Length; t++) losses[t] = probe.Losses[context * probe.Width + t] + own[t];
                    observer.Take(record.Chain, context, losses);
                }
            }
            observer.EndDraw(living);
        }
        return observer.ToTrace();
    }
}
