using System.Collections.Concurrent;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>
/// Losses and gradients of many walkers on one minibatch, exactly, with only the work that their
/// components make necessary.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>What w* makes of a sequence, and its loss, is computed once for all walkers
/// (<see cref="SequencePass.Prefix"/>).</item>
/// <item>Heads of the last layer, where no MLP reads them, change the logits by a product of low rank, so
/// that the vocabulary costs d_head instead of d_model, forward and backward
/// (<see cref="SequencePass.LowRank"/>).</item>
/// <item>For other components, layers below are frozen, layers above are computed anew, and
/// gradients follow only the path to the sampled weights (<see cref="SequencePass.Full"/>).</item>
/// <item>Logits exist for a block of rows at a time; only a low-rank component keeps those of one
/// sequence.</item>
/// </list>
/// A walker's result does not depend on the other walkers, on their order or
/// on the number of threads: each walker is computed by one thread, sequence
/// after sequence in the minibatch's order.
/// </remarks>
public sealed unsafe partial class LockStepEngine : ITokenLossEngine<float>
{
    private readonly NativeArena arena = new();
    private readonly PaddedSizes sizes;
    private readonly ContextSet contexts;
    private readonly IReadOnlyList<ComponentPlan> plans;
    private readonly IReadOnlyList<float[]> centers;
    private readonly WeightTable weights;
    private readonly FoldedUnembedding unembedding;
    private readonly WalkerStateMap states = new();
    private readonly SequenceBuffers buffers;
    private readonly WalkerState?[] frozenLowRank;
    private readonly Teacher? teacher;
    private readonly ParallelOptions parallel;
    private readonly bool keepLogits;

    /// <summary>Prepares an engine for a model, with MLPs or without.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">w*.</param>
    /// <param name="components">The components to be sampled, by index.</param>
    /// <param name="contexts">The dataset; with a mask, of whose tokens only some count in the loss
    /// (<see cref="ContextSet.WithMask"/>).</param>
    /// <param name="reference">When given, the loss is the mean divergence KL(reference || model)
    /// of the next-token predictions instead of the cross-entropy of the text.</param>
    /// <param name="threads">Threads to use; all cores when null. Results do not depend on it.</param>
    /// <param name="precision">Format of the products with the vocabulary, which are most of the
    /// work.</param>
    /// <exception cref="PlatformNotSupportedException">bfloat16 is asked for where there is
    /// none.</exception>
    /// <exception cref="ArgumentException">The dataset does not fit the model, or a component cuts
    /// through a head.</exception>
    public LockStepEngine(TransformerConfig config, WeightSet weights, IReadOnlyList<Component> components, ContextSet contexts,
        ReferenceModel? reference = null, int? threads = null, ProductPrecision precision = ProductPrecision.Float32)
    {
        var rounded = precision == ProductPrecision.BFloat16;
        if (rounded && !BFloat16.IsSupported)
            throw new PlatformNotSupportedException("bfloat16 products need a processor with AVX-512 BF16 "
                + $"and libtorch for Linux, and no narrower kernels asked for by {KernelChoice.Variable}; use Precision = Float32.");
        weights.CheckedAgainst(config);
        contexts.CheckedAgainst(config);
        (sizes, this.contexts) = (new(config), contexts);
        var positions = contexts.ContextLength - 1;
        plans = [.. components.Select(c => ComponentPlan.For(c, sizes)
            ?? throw new ArgumentException($"The component '{c.Name}' cuts through a head; the lock-step engine samples whole matrices."))];
        centers = [.. components.Select(c => Flatten(c, weights))];
        this.weights = FrozenWeights.Load(weights, sizes, arena);
        unembedding = new(sizes, arena, rounded, rounded);
        unembedding.Build(this.weights);
        parallel = new() { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount };
        if (reference is not null) teacher = new(reference, config, positions);
        keepLogits = plans.Any(p => p.LowRank || (rounded && !p.Unembedding));
        buffers = new(sizes, positions, parallel.MaxDegreeOfParallelism, keepLogits, teacher is not null);
        frozenLowRank = [.. plans.Select((plan, c) => plan.LowRank ? FrozenMap(plan, centers[c]) : null)];
    }

    /// <inheritdoc/>
    public int RowCount => contexts.Count;

    /// <inheritdoc/>
    public float[] CenterOf(int component) => centers[component];

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<int> rows, IReadOnlyList<Walker<float>> walkers)
    {
        int[] batch = [.. rows];
        var weight = contexts.LossWeight(batch.Length);
        var (passes, caches) = (buffers.Passes, buffers.Caches);
        var work = Tasks(walkers);
        Parallel.ForEach(walkers, parallel, walker => StateOf(walker).Begin(walker.Position, unembedding.Map));

        var baseline = 0.0;
        for (var first = 0; first < batch.Length; first += caches.Length)
        {
            var wave = Math.Min(caches.Length, batch.Length - first);
            Parallel.For(
                0, wave, parallel, i => passes.With(pass => FillCache(pass, caches[i], batch[first + i])));
            for (var i = 0; i < wave; i++) baseline += caches[i].Loss;
            Parallel.ForEach(work, parallel, task => passes.With(pass => RunTask(pass, task, wave, weight)));
        }

        Parallel.ForEach(walkers, parallel, walker => StateOf(walker).End(walker.Gradient, unembedding.Map));
        foreach (var walker in walkers) walker.Loss = StateOf(walker).Loss * weight;
        return baseline * weight;
    }

    /// <summary>Frees all buffers.</summary>
    public void Dispose()
    {
        buffers.Dispose();
        foreach (var probe in probeBuffers.Values) probe.Dispose();
        foreach (var state in frozenLowRank) state?.Dispose();
        teacher?.Dispose();
        states.Dispose();
        arena.Dispose();
    }

    /// <summary>What one thread does at a time: the chains of a low-rank component, which share
    /// their frozen logits, or one other walker.</summary>
    private List<Walker<float>[]> Tasks(IReadOnlyList<Walker<float>> walkers)
    {
        var lowRank = walkers
            .Where(w => plans[w.Component].LowRank)
            .GroupBy(w => w.Component)
            .Select(g => g.ToArray())
            .ToList();
        // With fewer components than threads, chains are spread out, each with frozen logits of its
        // own (the same bits).
        if (lowRank.Count < parallel.MaxDegreeOfParallelism)
            lowRank = [.. lowRank.SelectMany(g => g).Select(w => new[] { w })];
        return [.. walkers.Where(w => !plans[w.Component].LowRank).Select(w => new[] { w }), .. lowRank];
    }

    private void FillCache(SequencePass pass, SequenceCache cache, int row)
    {
        cache.Read(contexts, row);
        teacher?.Teach(cache);
        pass.Prefix(cache, weights, unembedding.Map);
    }

    private void RunTask(SequencePass pass, Walker<float>[] task, int wave, double weight)
    {
        var (component, plan) = (task[0].Component, plans[task[0].Component]);
        for (var i = 0; i < wave; i++)
        {
            if (plan.LowRank) pass.BeginLowRank(plan, buffers.Caches[i], weights, frozenLowRank[component]!.Map);
            foreach (var walker in task)
            {
                var state = StateOf(walker);
                if (plan.LowRank) pass.LowRank(plan, state, buffers.Caches[i], weight);
                else state.Loss += pass.Full(plan, state.At, buffers.Caches[i], weights, weight);
            }
        }
    }

    private WalkerState FrozenMap(ComponentPlan plan, float[] center)
    {
        var state = new WalkerState(plan, sizes, weights, unembedding.Map);
        state.Begin(center, unembedding.Map);
        return state;
    }

    private WalkerState StateOf(Walker<float> walker) =>
        states.Get(
            (walker.Component, walker.Chain),
            () => new(plans[walker.Component], sizes, weights, unembedding.Map));

    private static float[] Flatten(Component component, WeightSet weights)
    {
        var values = new float[component.Dimension];
        var at = 0;
        foreach (var slice in component.Slices)
        {
            weights[slice.Weight].Values.AsSpan(slice.Start, slice.Length).CopyTo(values.AsSpan(at));
            at += slice.Length;
        }
        return values;
    }

    private sealed class WalkerStateMap : IDisposable
    {
        private readonly ConcurrentDictionary<(int, int), Lazy<WalkerState>> byName = [];

        public WalkerState Get((int Component, int Chain) name, Func<WalkerState> create) =>
            byName.GetOrAdd(name, _ => new(create)).Value;

        public void Dispose()
        {
            foreach (var state in byName.Values) if (state.IsValueCreated) state.Value.Dispose();
        }
    }
}
