using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>The way back through the layers.</summary>
internal sealed unsafe partial class SequencePass
{
    private void Backward(ComponentPlan plan, in PassWeights at, SequenceCache cache)
    {
        var (count, weights, gradients) = (cache.Tokens.Length, at.Weights, at.Gradients);
        for (var layer = sizes.Layers - 1; layer >= plan.FirstLayer; layer--)
        {
            var ends = plan.FromMlp && layer == plan.FirstLayer;
            mlp?.Backward(count, MlpInput(plan, cache, layer), weights, gradients, layer, dResidual, toInput: !ends);
            if (ends) return;
            var partial = layer == plan.FirstLayer && !plan.WholeLayer;
            var inputs = partial ? cache.Inputs(layer) : Inputs(layer);
            var position = gradients[WeightSlot.Position];
            float* dNorms = partial ? null : dNorm, dQueryKeys = partial ? null : position == null ? dNorm : dQueryKey;
            if (!partial) new Span<float>(dNorm, padded * sizes.Model).Clear();
            if (dQueryKeys == dQueryKey) new Span<float>(dQueryKey, padded * sizes.Model).Clear();
            Gemm.AddRows(count, sizes.Model, dResidual, sizes.Model, gradients[WeightSlot.OBias, layer]);
            for (var i = 0; i < (partial ? plan.Heads.Count : sizes.Heads); i++)
            {
                var head = partial ? plan.Heads[i] : i;
                var activations = heads[layer, head];
                Gemm.Multiply(
                    padded, sizes.Head, sizes.Model,
                    Factor.Rows(dResidual, sizes.Model),
                    weights[WeightSlot.OTransposed, layer, head], sizes.Head,
                    dz, sizes.Head);
                AddOutputGradient(count, activations, gradients, layer, head);
                attention.Backward(count, inputs, weights, layer, head, activations, dz, sizes.Head, gradients, dQueryKeys, dNorms);
            }
            if (partial) continue;
            if (position != null)
            {
                Kernels.AddScaled(dQueryKey, 1, position, count * sizes.Model);
                Kernels.AddScaled(dQueryKey, 1, dNorm, padded * sizes.Model);
            }
            var x = layer == plan.FirstLayer ? Input(plan, cache) : (float*)residual[layer];
            norms.Backward(
                layer, count, x, weights[WeightSlot.Gain, layer],
                dNorm, dResidual,
                gradients[WeightSlot.Gain, layer], gradients[WeightSlot.Bias, layer]);
        }
        if (gradients[WeightSlot.Embed] == null) return;
        for (var row = 0; row < count; row++)
            Kernels.AddScaled(
                dResidual + (nint)row * sizes.Model, 1,
                gradients[WeightSlot.Embed] + (nint)cache.Tokens[row] * sizes.Model,
                sizes.Model);
    }

    /// <summary>dr += -ds s^3 (r - mean) / d_model, from s = 1 / sqrt(var(r) + eps).</summary>
    private void AddScaleGradient(int count, float* r)
    {
        var width = sizes.Config.ModelWidth;
        for (var row = 0; row < count; row++)
        {
            var (scale, mean) = (norms.Inverses(sizes.Layers)[row], norms.Means(sizes.Layers)[row]);
            var factor = -dScale[row] * scale * scale * scale / width;
            Kernels.AddCentred(
                r + (nint)row * sizes.Model,
                mean,
                factor,
                dResidual + (nint)row * sizes.Model,
                width,
                sizes.Model);
        }
    }

    private void AddOutputGradient(
        int count,
        in HeadActivations from,
        WeightTable gradients,
        int layer,
        int head)
    {
        if (gradients[WeightSlot.O, layer, head] != null)
            Gemm.MultiplyAdd(
                sizes.Head, sizes.Model, count,
                Factor.Columns(from.Z, from.ZStride),
                dResidual, sizes.Model,
                gradients[WeightSlot.O, layer, head], sizes.Model);
    }
}
