using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Engines.LockStep;

// Few heads of the last layer: the logits change by a product of low rank.
internal sealed unsafe partial class SequencePass
{
    private float* frozenLogits;
    private ushort* roundedHeads;

    /// <summary>The part of the logits that a low-rank component leaves alone, shared by its
    /// chains.</summary>
    public void BeginLowRank(
        ComponentPlan plan, SequenceCache cache, WeightTable frozen, in LogitMap frozenHeads)
    {
        if (frozenLogits == null) frozenLogits = arena.Floats((long)padded * sizes.LogitStride);
        GatherFrozenHeads(plan, cache);
        RemoveHeads(plan, cache, frozen, frozenResidual);
        var (map, stride) = (frozenHeads, sizes.LogitStride);
        // frozen = r* C - z* (W_O* C): the stacked outputs are negated, so that one product subtracts.
        for (long i = 0; i < (long)padded * map.Inner; i++) dz[i] = -dz[i];
        if (map.MapPairs != null)
        {
            // Rounded as the walkers' own products are, so that a walker at w* has exactly the
            // logits of w*.
            if (roundedHeads == null) roundedHeads = (ushort*)arena.Words((long)padded * sizes.Model / 2);
            for (var row = 0; row < padded; row++)
                BFloat16.Round(dz + (nint)row * map.Inner, roundedHeads + (nint)row * map.Inner, map.Inner);
            new Span<float>(cache.Logits, padded * stride).CopyTo(new Span<float>(frozenLogits, padded * stride));
            BFloat16.Multiply(
                padded, sizes.Vocabulary, map.Inner,
                roundedHeads, map.Inner,
                map.MapPairs, map.Stride,
                frozenLogits, stride,
                add: true);
            return;
        }
        Gemm.Multiply(
            padded, sizes.Vocabulary, map.Inner,
            Factor.Rows(dz, map.Inner),
            map.Map, map.Stride,
            cache.Logits, stride,
            frozenLogits, stride);
    }

    /// <summary>Loss and gradients of a walker whose component is of low rank;
    /// <see cref="BeginLowRank"/> came before.</summary>
    public void LowRank(ComponentPlan plan, WalkerState walker, SequenceCache cache, double weight)
    {
        var (count, layer, map) = (cache.Tokens.Length, plan.FirstLayer, walker.Map);
        float* stack = (float*)z[layer], r = ForwardLowRank(plan, walker, cache);
        walker.Loss += Loss(
            map,
            cache,
            stack,
            frozenLogits,
            weight,
            new() { X = dz, Scale = dScale, Map = walker.MapGradient });

        // Beside the low-rank path, z reaches the loss through the scale of the final LayerNorm.
        new Span<float>(dResidual, padded * sizes.Model).Clear();
        new Span<float>(dz + (nint)count * map.Inner, (padded - count) * map.Inner).Clear();
        AddScaleGradient(count, r);
        for (var i = 0; i < plan.Heads.Count; i++)
        {
            var (head, activations) = (plan.Heads[i], Activations(layer, plan.Heads[i], stack + i * sizes.Head, map.Inner));
            var own = dz + i * sizes.Head;
            Gemm.MultiplyAdd(
                padded, sizes.Head, sizes.Model,
                Factor.Rows(dResidual, sizes.Model),
                walker.Weights[WeightSlot.OTransposed, layer, head], sizes.Head,
                own, map.Inner);
            AddOutputGradient(count, activations, walker.Gradients, layer, head);
            attention.Backward(
                count,
                cache.Inputs(layer),
                walker.Weights,
                layer,
                head,
                activations,
                own, map.Inner,
                walker.Gradients,
                null,
                null);
        }
    }

    /// <summary>Losses of the single tokens, and nothing else, of a walker whose component is of low rank;
    /// <see cref="BeginLowRank"/> came before.</summary>
    /// <param name="plan">The component's plan.</param>
    /// <param name="walker">Where the walker is.</param>
    /// <param name="cache">What w* makes of the sequence.</param>
    /// <param name="losses">Receives them, [pos], nats.</param>
    public void ObserveLowRank(ComponentPlan plan, WalkerState walker, SequenceCache cache, double* losses)
    {
        ForwardLowRank(plan, walker, cache);
        Loss(walker.Map, cache, (float*)z[plan.FirstLayer], frozenLogits, 0, new() { Losses = losses });
    }

    /// <summary>The residual stream after the last layer, [pos, d_model]; its moments are measured, and the heads'
    /// outputs stacked in z of the layer.</summary>
    private float* ForwardLowRank(ComponentPlan plan, WalkerState walker, SequenceCache cache)
    {
        var (layer, inner) = (plan.FirstLayer, walker.Map.Inner);
        float* stack = (float*)z[layer], r = (float*)residual[layer + 1];
        new Span<float>(frozenResidual, padded * sizes.Model).CopyTo(new Span<float>(r, padded * sizes.Model));
        for (var i = 0; i < plan.Heads.Count; i++)
        {
            var activations = Activations(layer, plan.Heads[i], stack + i * sizes.Head, inner);
            attention.Forward(cache.Tokens.Length, cache.Inputs(layer), walker.Weights, layer, plan.Heads[i], activations);
            AddOutput(activations, walker.Weights, layer, plan.Heads[i], r);
        }
        FinalMoments(r, norms.Inverses(sizes.Layers));
        return r;
    }

    private void GatherFrozenHeads(ComponentPlan plan, SequenceCache cache)
    {
        var inner = plan.Heads.Count * sizes.Head;
        for (var row = 0; row < padded; row++)
            for (var i = 0; i < plan.Heads.Count; i++)
                new Span<float>(cache.Z(plan.FirstLayer) + (nint)row * sizes.Heads * sizes.Head + plan.Heads[i] * sizes.Head, sizes.Head)
                    .CopyTo(new Span<float>(dz + (nint)row * inner + i * sizes.Head, sizes.Head));
    }
}
