using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Engines.Autograd;

/// <summary>The autograd engine over a transformer and a dataset of contexts: what the lock-step
/// engine is held to.</summary>
internal sealed class LanguageModelAutogradEngine : ITokenLossEngine<float>
{
    private readonly AttentionOnlyTransformer model;
    private readonly AttentionOnlyTransformer? reference;
    private readonly AutogradEngine<float> engine;
    private readonly ContextSet contexts;
    private readonly Device device;

    public LanguageModelAutogradEngine(
        TransformerConfig config,
        WeightSet weights,
        IReadOnlyList<Component> components,
        ContextSet contexts,
        ReferenceModel? reference,
        Device? device = null)
    {
        using var gradients = Native.GradientMode.Enabled();
        this.device = device ?? CPU;
        this.contexts = contexts.CheckedAgainst(config);
        model = new(config, device: this.device);
        model.Load(weights);
        if (reference is not null)
        {
            this.reference = new(reference.Config, device: this.device);
            this.reference.Load(reference.Weights);
        }
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        engine = new(parameters, [.. components.Select(c => c.Slices)], contexts.Count, Loss);
    }

    /// <summary>Contexts of a probe set that pass through the model at once.</summary>
    private const int ProbedTogether = 8;

    /// <summary>Texts whose token losses are asked for, by index.</summary>
    public IReadOnlyList<ContextSet> Probes { get; init; } = [];

    public int RowCount => engine.RowCount;

    public float[] CenterOf(int component) => engine.CenterOf(component);

    public double Evaluate(ReadOnlySpan<int> rows, IReadOnlyList<Walker<float>> walkers) =>
        engine.Evaluate(rows, walkers);

    public double[] TokenLossesOfCenter(int probe)
    {
        using var frozen = no_grad();
        var (contexts, width) = (Probes[probe], Probes[probe].ContextLength - 1);
        var all = new double[(long)contexts.Count * width];
        Probe(contexts, (context, losses) => losses.CopyTo(all.AsSpan(context * width, width)));
        return all;
    }

    public void TokenLosses(int probe, IReadOnlyList<Walker<float>> walkers, TokenLossVisitor visit)
    {
        for (var i = 0; i < walkers.Count; i++)
        {
            var walker = i;
            engine.At(walkers[i], () => Probe(Probes[probe], (context, losses) => visit(walker, context, losses)));
        }
    }

    private delegate void LossesOfContext(int context, ReadOnlySpan<double> losses);

    private void Probe(ContextSet texts, LossesOfContext visit)
    {
        var width = texts.ContextLength - 1;
        foreach (var chunk in Enumerable.Range(0, texts.Count).Chunk(ProbedTogether))
        {
            using var scope = NewDisposeScope();
            var losses = model.PerTokenLoss(BatchOf(texts, chunk)).to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
            foreach (var (i, context) in chunk.Index()) visit(context, losses.AsSpan(i * width, width));
        }
    }

    /// <summary>Token ids, [batch, pos].</summary>
    private Tensor BatchOf(ContextSet texts, int[] rows)
    {
        var ids = new long[rows.Length * texts.ContextLength];
        for (var i = 0; i < rows.Length; i++)
            TensorPrimitives.ConvertChecked(texts[rows[i]], ids.AsSpan(i * texts.ContextLength, texts.ContextLength));
        return tensor(ids, [rows.Length, texts.ContextLength], device: device);
    }

    private Tensor Loss(int[] rows)
    {
        var batch = BatchOf(contexts, rows);
        if (reference is null) return Mean(model.PerTokenLoss(batch), rows);

        Tensor teacher;
        using (no_grad()) teacher = nn.functional.log_softmax(reference.forward(batch), -1); // [batch, pos, vocab]
        var student = nn.functional.log_softmax(model.forward(batch), -1);
        var divergence = (teacher.exp() * Native.Scalars.Minus(teacher, student)).sum(-1); // [batch, pos]
        return Mean(divergence.narrow(1, 0, contexts.ContextLength - 1), rows);
    }

    /// <summary>See <see cref="ContextSet.WithMask"/>.</summary>
    private Tensor Mean(Tensor losses, int[] rows) // [batch, pos - 1]
    {
        if (!contexts.IsMasked) return losses.mean();
        var weight = (float)contexts.LossWeight(rows.Length);
        var weights = new List<float>();
        foreach (var row in rows)
            foreach (var counts in contexts.MaskOf(row)) weights.Add(counts ? weight : 0);
        return (losses * tensor(weights, losses.shape, device: device)).sum();
    }

    public void Dispose()
    {
        engine.Dispose();
        reference?.Dispose();
        model.Dispose();
    }
}
