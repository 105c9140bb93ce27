using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>Forward and backward passes over one sequence, for w* and for walkers; the buffers of
/// one thread.</summary>
internal sealed unsafe partial class SequencePass : IDisposable
{
    private static readonly KernelSet Kernels = KernelSet.Used;
    private readonly NativeArena arena = new();
    private readonly PaddedSizes sizes;
    private readonly int padded;
    private readonly CrossEntropy crossEntropy;
    private readonly AttentionHead attention;
    private readonly MlpBlock? mlp;
    private readonly HeadActivations[,] heads;
    private readonly nint[] residual, beforeMlp, norm, queryKey, z;
    private readonly LayerNorms norms; // before the attention of each layer, and the final one
    private readonly float* dResidual, dNorm, dQueryKey, dz, dScale, frozenResidual, change;
    private float* frozenHead;

    public SequencePass(PaddedSizes sizes, int positions)
    {
        (this.sizes, padded) = (sizes, PaddedSizes.Pad(positions));
        crossEntropy = new(sizes.Vocabulary, sizes.LogitStride, sizes.Model);
        attention = new(sizes, positions);
        if (sizes.Mlp > 0) mlp = new(sizes, positions);
        heads = new HeadActivations[sizes.Layers, sizes.Heads];
        residual = Buffers(sizes.Layers + 1, sizes.Model);
        beforeMlp = Buffers(mlp is null ? 0 : sizes.Layers, sizes.Model);
        norm = Buffers(sizes.Layers, sizes.Model);
        queryKey = Buffers(sizes.Layers, sizes.Model);
        z = Buffers(sizes.Layers, sizes.Heads * sizes.Head);
        norms = new(sizes, padded, sizes.Layers + 1, arena);
        dResidual = Rows(sizes.Model);
        dNorm = Rows(sizes.Model);
        dQueryKey = Rows(sizes.Model);
        frozenResidual = Rows(sizes.Model);
        change = Rows(sizes.Model);
        dz = Rows(Math.Max(sizes.Model, sizes.Head)); // of one head, or of a low-rank stack of heads
        dScale = arena.Floats(padded);
    }

    /// <summary>Fills a sequence's cache with what w* makes of it.</summary>
    /// <param name="cache">Holds the tokens, and takes the rest.</param>
    /// <param name="weights">w*.</param>
    /// <param name="map">Its unembedding.</param>
    /// <param name="losses">Receives the loss of each token, [pos]; null for none.</param>
    public void Prefix(SequenceCache cache, WeightTable weights, in LogitMap map, double* losses = null)
    {
        Embed(cache.Tokens, weights, cache.Residual(0));
        for (var layer = 0; layer < sizes.Layers; layer++)
            ForwardLayer(
                cache.Tokens.Length,
                cache.Residual(layer),
                cache.Inputs(layer),
                weights,
                layer,
                cache.Z(layer),
                cache.AfterAttention(layer),
                cache.Residual(layer + 1));

        var last = cache.Residual(sizes.Layers);
        FinalMoments(last, cache.Scale);
        var rows = new LossRows
        {
            Count = cache.Tokens.Length,
            X = last,
            Scale = cache.Scale,
            Teacher = cache.Teacher,
            TeacherEntropy = cache.TeacherEntropy,
        };
        var used = map with { MapPairs = null };
        if (cache.Logits != null)
        {
            Gemm.Multiply(
                padded, sizes.Vocabulary, sizes.Model,
                Factor.Rows(last, sizes.Model),
                map.Map, map.Stride,
                cache.Logits, sizes.LogitStride);
            rows.Frozen = cache.Logits;
            used.Inner = 0;
        }
        fixed (int* targets = cache.Targets)
        fixed (bool* counted = cache.Counted)
        {
            rows.Targets = targets;
            rows.Counted = counted;
            cache.Loss = crossEntropy.Run(used, rows, 0, new() { LogSums = cache.Shift, Losses = losses });
        }
    }

    /// <summary>Turns a cache filled by <see cref="Prefix"/> with a teacher's weights into the
    /// teacher's probabilities.</summary>
    public void Teach(SequenceCache teacher, in LogitMap map, SequenceCache student)
    {
        var stride = sizes.LogitStride;
        Gemm.Multiply(
            padded, sizes.Vocabulary, sizes.Model,
            Factor.Rows(teacher.Residual(sizes.Layers), sizes.Model),
            map.Map, map.Stride,
            student.Teacher, stride);
        for (var row = 0; row < teacher.Tokens.Length; row++)
        {
            var q = student.Teacher + (nint)row * stride;
            student.TeacherEntropy[row] = Kernels.Probabilities(
                q, map.Bias, teacher.Scale[row] * KernelSet.Log2E, teacher.Shift[row], sizes.Vocabulary);
            new Span<float>(q + sizes.Config.VocabularySize, sizes.Vocabulary - sizes.Config.VocabularySize).Clear();
        }
    }

    /// <summary>Loss, summed over the positions that count, and gradients at the weights of any other component: everything above its
    /// first layer is computed anew.</summary>
    public double Full(
        ComponentPlan plan,
        in PassWeights at,
        SequenceCache cache,
        WeightTable frozen,
        double weight)
    {
        var last = Forward(plan, at.Weights, cache, frozen);
        var count = cache.Tokens.Length;
        var loss = LossOf(at.Map, cache, last, weight,
            new() { X = dResidual, Scale = dScale, Map = at.MapGradient, Bias = at.BiasGradient });
        new Span<float>(dResidual + (nint)count * sizes.Model, (padded - count) * sizes.Model).Clear();
        AddScaleGradient(count, last);
        Backward(plan, at, cache);
        return loss;
    }

    /// <summary>Losses of the single tokens, and nothing else, at the weights of any component that is not of low rank.</summary>
    /// <param name="plan">The component's plan.</param>
    /// <param name="at">The weights.</param>
    /// <param name="cache">What w* makes of the sequence.</param>
    /// <param name="frozen">w*.</param>
    /// <param name="losses">Receives them, [pos], nats.</param>
    public void Observe(ComponentPlan plan, in PassWeights at, SequenceCache cache, WeightTable frozen, double* losses) =>
        LossOf(at.Map, cache, Forward(plan, at.Weights, cache, frozen), 0, new() { Losses = losses });

    /// <summary>The residual stream after the last layer, [pos, d_model]; its moments are measured.</summary>
    private float* Forward(ComponentPlan plan, WeightTable weights, SequenceCache cache, WeightTable frozen)
    {
        var (count, first) = (cache.Tokens.Length, plan.FirstLayer);
        if (plan.Embedding) Embed(cache.Tokens, weights, (float*)residual[0]);
        if (first < sizes.Layers)
        {
            if (plan.WholeLayer)
                ForwardAttention(
                    count,
                    Input(plan, cache),
                    Inputs(first),
                    weights,
                    first,
                    (float*)z[first],
                    AfterAttention(first));
            else if (!plan.FromMlp) ForwardHeads(plan, cache, weights, frozen);
            mlp?.Forward(MlpInput(plan, cache, first), weights, first, (float*)residual[first + 1]);
        }
        for (var layer = first + 1; layer < sizes.Layers; layer++)
            ForwardLayer(
                count,
                (float*)residual[layer],
                Inputs(layer),
                weights,
                layer,
                (float*)z[layer],
                AfterAttention(layer),
                (float*)residual[layer + 1]);

        var last = first < sizes.Layers ? (float*)residual[sizes.Layers] : cache.Residual(sizes.Layers);
        FinalMoments(last, norms.Inverses(sizes.Layers));
        return last;
    }

    private double LossOf(in LogitMap map, SequenceCache cache, float* last, double weight, in LossResults results)
    {
        if (map.MapPairs == null) return Loss(map, cache, last, null, weight, results);
        // Rounded products only correct the exact logits of w*.
        Kernels.Subtract(last, cache.Residual(sizes.Layers), change, padded * sizes.Model);
        return Loss(map, cache, change, cache.Logits, weight, results);
    }

    private void ForwardHeads(ComponentPlan plan, SequenceCache cache, WeightTable weights, WeightTable frozen)
    {
        var layer = plan.FirstLayer;
        var to = AfterAttention(layer);
        RemoveHeads(plan, cache, frozen, to);
        foreach (var head in plan.Heads)
        {
            var activations = Activations(
                layer, head, (float*)z[layer] + head * sizes.Head, sizes.Heads * sizes.Head);
            attention.Forward(cache.Tokens.Length, cache.Inputs(layer), weights, layer, head, activations);
            AddOutput(activations, weights, layer, head, to);
        }
    }

    private void ForwardLayer(
        int count,
        float* x,
        in HeadInputs inputs,
        WeightTable weights,
        int layer,
        float* outputs,
        float* afterAttention,
        float* to)
    {
        ForwardAttention(count, x, inputs, weights, layer, outputs, afterAttention);
        mlp?.Forward(afterAttention, weights, layer, to);
    }

    private void ForwardAttention(
        int count,
        float* x,
        in HeadInputs inputs,
        WeightTable weights,
        int layer,
        float* outputs,
        float* to)
    {
        float* value = inputs.Value, queryKey = inputs.QueryKey, position = weights[WeightSlot.Position];
        norms.Forward(layer, x, weights[WeightSlot.Gain, layer], weights[WeightSlot.Bias, layer], value);
        for (var row = 0; row < padded; row++)
        {
            var at = (nint)row * sizes.Model;
            new Span<float>(value + at, sizes.Model).CopyTo(new Span<float>(queryKey + at, sizes.Model));
            if (row < count) Kernels.AddScaled(position + at, 1, queryKey + at, sizes.Model);
            new Span<float>(x + at, sizes.Model).CopyTo(new Span<float>(to + at, sizes.Model));
            if (row < count) Kernels.AddScaled(weights[WeightSlot.OBias, layer], 1, to + at, sizes.Model);
        }
        for (var head = 0; head < sizes.Heads; head++)
        {
            var activations = Activations(layer, head, outputs + head * sizes.Head, sizes.Heads * sizes.Head);
            attention.Forward(count, inputs, weights, layer, head, activations);
            AddOutput(activations, weights, layer, head, to);
        }
    }

    private double Loss(
        in LogitMap map,
        SequenceCache cache,
        float* x,
        float* frozen,
        double weight,
        in LossResults results)
    {
        fixed (int* targets = cache.Targets)
        fixed (bool* counted = cache.Counted)
            return crossEntropy.Run(map, new()
            {
                Count = cache.Tokens.Length,
                X = x,
                Frozen = frozen,
                Scale = norms.Inverses(sizes.Layers),
                Targets = targets,
                Counted = counted,
                Shift = cache.Shift,
                Teacher = cache.Teacher,
                TeacherEntropy = cache.TeacherEntropy,
            }, weight, results);
    }

    /// <summary>The residual stream after the attention of the plan's first layer, without the plan's heads.</summary>
    private void RemoveHeads(ComponentPlan plan, SequenceCache cache, WeightTable frozen, float* to)
    {
        var (layer, stride) = (plan.FirstLayer, sizes.Heads * sizes.Head);
        new Span<float>(cache.AfterAttention(layer), padded * sizes.Model).CopyTo(new Span<float>(to, padded * sizes.Model));
        foreach (var head in plan.Heads)
        {
            // to -= z* W_O*, by way of a negated copy of z*.
            var own = frozenHead == null ? frozenHead = Rows(sizes.Head) : frozenHead;
            for (var row = 0; row < padded; row++)
                for (var k = 0; k < sizes.Head; k++)
                    own[(nint)row * sizes.Head + k] = -cache.Z(layer)[(nint)row * stride + head * sizes.Head + k];
            Gemm.MultiplyAdd(
                padded, sizes.Model, sizes.Head,
                Factor.Rows(own, sizes.Head),
                frozen[WeightSlot.O, layer, head], sizes.Model,
                to, sizes.Model);
        }
    }

    private void Embed(int[] tokens, WeightTable weights, float* to)
    {
        for (var row = 0; row < tokens.Length; row++)
            new Span<float>(weights[WeightSlot.Embed] + (nint)tokens[row] * sizes.Model, sizes.Model)
                .CopyTo(new Span<float>(to + (nint)row * sizes.Model, sizes.Model));
    }

    private void FinalMoments(float* r, float* scale) => norms.Measure(sizes.Layers, r, scale);

    private void AddOutput(in HeadActivations from, WeightTable weights, int layer, int head, float* to) =>
        Gemm.MultiplyAdd(
            padded, sizes.Model, sizes.Head,
            Factor.Rows(from.Z, from.ZStride),
            weights[WeightSlot.O, layer, head], sizes.Model,
            to, sizes.Model);

    private HeadActivations Activations(int layer, int head, float* outputs, int stride)
    {
        if (heads[layer, head].Q == null)
            heads[layer, head] = AttentionHead.Allocate(arena, sizes, padded, outputs, stride);
        return heads[layer, head] = heads[layer, head] with { Z = outputs, ZStride = stride };
    }

    private float* Input(ComponentPlan plan, SequenceCache cache) =>
        plan.Embedding ? (float*)residual[0] : cache.Residual(plan.FirstLayer);

    private float* MlpInput(ComponentPlan plan, SequenceCache cache, int layer) =>
        plan.FromMlp && layer == plan.FirstLayer ? cache.AfterAttention(layer) : AfterAttention(layer);

    private float* AfterAttention(int layer) => (float*)(mlp is null ? residual[layer + 1] : beforeMlp[layer]);

    private HeadInputs Inputs(int layer) => new((float*)queryKey[layer], (float*)norm[layer]);

    private nint[] Buffers(int count, int width) =>
        [.. Enumerable.Range(0, count).Select(_ => (nint)Rows(width))];

    private float* Rows(int width) => arena.Floats((long)padded * width);

    public void Dispose()
    {
        crossEntropy.Dispose();
        attention.Dispose();
        mlp?.Dispose();
        arena.Dispose();
    }
}
