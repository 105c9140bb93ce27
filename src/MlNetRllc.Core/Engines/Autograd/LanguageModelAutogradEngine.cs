using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Engines.Autograd;

/// <summary>The autograd engine over a transformer and a dataset of contexts: what the lock-step
/// engine is held to.</summary>
internal sealed class LanguageModelAutogradEngine : ILossEngine<float>
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

    public int RowCount => engine.RowCount;

    public float[] CenterOf(int component) => engine.CenterOf(component);

    public double Evaluate(ReadOnlySpan<int> rows, IReadOnlyList<Walker<float>> walkers) =>
        engine.Evaluate(rows, walkers);

    private Tensor Loss(int[] rows)
    {
        var ids = new long[rows.Length * contexts.ContextLength];
        for (var i = 0; i < rows.Length; i++)
            TensorPrimitives.ConvertChecked(
                contexts[rows[i]], ids.AsSpan(i * contexts.ContextLength, contexts.ContextLength));
        var batch = tensor(ids, [rows.Length, contexts.ContextLength], device: device); // [batch, pos]
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
