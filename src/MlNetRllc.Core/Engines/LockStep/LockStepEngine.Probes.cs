using System.Collections.Concurrent;
using MlNetRllc.Core.Contexts;

namespace MlNetRllc.Core.Engines.LockStep;

// Losses of single tokens of probe sets: the passes of Evaluate, forward only.
public sealed unsafe partial class LockStepEngine
{
    private readonly ConcurrentDictionary<int, SequenceBuffers> probeBuffers = [];

    /// <summary>Texts whose token losses are asked for, by index.</summary>
    /// <exception cref="ArgumentException">One does not fit the model.</exception>
    public IReadOnlyList<ContextSet> Probes
    {
        get;
        init => field = [.. value.Select(probe => probe.CheckedAgainst(sizes.Config))];
    } = [];

    /// <inheritdoc/>
    public double[] TokenLossesOfCenter(int probe)
    {
        var (contexts, buffers) = (Probes[probe], BuffersOf(Probes[probe]));
        var losses = new double[(long)contexts.Count * buffers.Positions];
        for (var first = 0; first < contexts.Count; first += buffers.Caches.Length)
            Parallel.For(first, Math.Min(first + buffers.Caches.Length, contexts.Count), parallel, context =>
                buffers.Passes.With(pass =>
                {
                    fixed (double* own = &losses[(long)context * buffers.Positions])
                        FillProbe(pass, buffers.Caches[context - first], contexts, context, own);
                }));
        return losses;
    }

    /// <inheritdoc/>
    public void TokenLosses(int probe, IReadOnlyList<Walker<float>> walkers, TokenLossVisitor visit)
    {
        ArgumentNullException.ThrowIfNull(walkers);
        ArgumentNullException.ThrowIfNull(visit);
        var (contexts, buffers) = (Probes[probe], BuffersOf(Probes[probe]));
        var numbers = walkers.Index().ToDictionary(w => w.Item, w => w.Index);
        var work = Tasks(walkers);
        Parallel.ForEach(walkers, parallel, walker => StateOf(walker).Begin(walker.Position, unembedding.Map));
        for (var first = 0; first < contexts.Count; first += buffers.Caches.Length)
        {
            var wave = Math.Min(buffers.Caches.Length, contexts.Count - first);
            Parallel.For(
                0, wave, parallel, i => buffers.Passes.With(pass => FillProbe(pass, buffers.Caches[i], contexts, first + i, null)));
            Parallel.ForEach(work, parallel, task => buffers.Passes.With(pass =>
            {
                for (var i = 0; i < wave; i++)
                    Observe(pass, task, buffers.Caches[i], (walker, losses) => visit(numbers[walker], first + i, losses));
            }));
        }
    }

    private delegate void LossesOfWalker(Walker<float> walker, ReadOnlySpan<double> losses);

    private void Observe(SequencePass pass, Walker<float>[] task, SequenceCache cache, LossesOfWalker visit)
    {
        var (component, plan) = (task[0].Component, plans[task[0].Component]);
        var losses = new double[cache.Tokens.Length];
        if (plan.LowRank) pass.BeginLowRank(plan, cache, weights, frozenLowRank[component]!.Map);
        foreach (var walker in task)
        {
            fixed (double* own = losses)
            {
                if (plan.LowRank) pass.ObserveLowRank(plan, StateOf(walker), cache, own);
                else pass.Observe(plan, StateOf(walker).At, cache, weights, own);
            }
            visit(walker, losses);
        }
    }

    private void FillProbe(SequencePass pass, SequenceCache cache, ContextSet contexts, int context, double* losses)
    {
        cache.Read(contexts, context, masked: false);
        pass.Prefix(cache, weights, unembedding.Map, losses);
    }

    private SequenceBuffers BuffersOf(ContextSet contexts) => probeBuffers.GetOrAdd(
        contexts.ContextLength - 1,
        positions => new(sizes, positions, parallel.MaxDegreeOfParallelism, keepLogits, teacher: false));
}
