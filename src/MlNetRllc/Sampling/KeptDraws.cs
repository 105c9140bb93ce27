using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Tables;

namespace MlNetRllc.Sampling;

/// <summary>Observations of patterns that came later, made from the draws that a row has kept of every token: nothing is sampled.</summary>
internal static class KeptDraws
{
    /// <summary>What the kept draws say of the patterns, to the rounding of single precision.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">The checkpoint, whose losses patterns may ask for.</param>
    /// <param name="observed">The probe sets with the patterns that are wanted.</param>
    /// <param name="rows">Traces with the files of their kept draws, a path a probe set.</param>
    public static IEnumerable<LossTrace> Observe(
        TransformerConfig config, WeightSet weights, ProbeObservation observed, IEnumerable<(LossTrace Trace, string[] Files)> rows)
    {
        using var engine = new LockStepEngine(config, weights, [], observed.Probes[0].Contexts)
        {
            Probes = [.. observed.Probes.Select(p => p.Contexts)],
        };
        List<ObservedProbe> probes = [.. observed.Probes.Select((set, p) => new ObservedProbe(set, engine.TokenLossesOfCenter(p)))];
        foreach (var (trace, files) in rows)
            yield return trace with
            {
                Observations = [.. probes.Select((probe, p) => Observe(probe, trace.Chains, observed.Options.Every, files[p]))],
            };
    }

    private static ProbeTrace Observe(ObservedProbe probe, int chains, int every, string file)
    {
        var observer = new RowObserver(probe, chains, every, tokens: null);
        var losses = new double[probe.Width];
        foreach (var draw in DrawsIn(file))
        {
            var living = new HashSet<int>();
            foreach (var (chain, differences) in draw)
            {
                if (float.IsNaN(differences[0])) continue;
                living.Add(chain);
                for (var context = 0; context < probe.Set.Contexts.Count; context++)
                {
                    for (var t = 0; t < losses.Length; t++)
                        losses[t] = probe.Losses[context * probe.Width + t] + differences[context * probe.Width + t];
                    observer.Take(chain, context, losses);
                }
            }
            observer.EndDraw(living);
        }
        return observer.ToTrace();
    }

    /// <summary>The draws of a file in their order, each with its chains.</summary>
    private static IEnumerable<List<(int Chain, float[] Differences)>> DrawsIn(string file)
    {
        var columns = Task.Run(() => TableFiles.ReadParquetAsync(file)).GetAwaiter().GetResult();
        int[] Numbers(string name) => [.. ((ScalarTableColumn<int>)columns.Single(c => c.Name == name)).Values];
        var (chain, first) = (Numbers("Chain"), Numbers("FirstDraw"));
        var differences = ((VectorTableColumn<float>)columns.Single(c => c.Name == "Differences")).Values;
        return Enumerable.Range(0, chain.Length).GroupBy(i => first[i]).OrderBy(g => g.Key)
            .Select(draw => draw.Select(i => (chain[i], differences[i])).ToList());
    }
}
