using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Heads;

/// <summary>A trace over the weights of one component.</summary>
/// <param name="Component">Its name.</param>
/// <param name="Dimension">Its number of weights.</param>
/// <param name="Value">The estimate, nats per squared weight.</param>
/// <param name="StdErr">Its standard error over random vectors, nats per squared weight; the contexts are taken as given.</param>
public readonly record struct ComponentTrace(string Component, int Dimension, double Value, double StdErr);

/// <summary>Baselines beside the rLLC: traces of the loss's Hessian and of the empirical Fisher
/// information, restricted to components.</summary>
/// <remarks>
/// <para>Hessian: Hutchinson's estimate v^T H v with random signs v (Hutchinson 1990), H being the
/// second derivative of the mean loss in nats per token; H v is exact, by differentiating twice.
/// One vector over all weights that occur serves every component at once, the sum running over the
/// component's own weights: signs of other components drop out of the mean, and their share of the
/// noise is in the standard error.</para>
/// <para>Fisher: mean over tokens of |grad log p(token | those before)|^2 over the component's
/// weights, the tokens being the text's own (empirical Fisher). With random signs s_t the squared
/// norm of sum_t s_t g_t has the mean sum_t |g_t|^2, so one gradient serves all tokens.</para>
/// </remarks>
public sealed class CurvatureTraces
{
    private readonly TransformerConfig config;
    private readonly WeightSet weights;
    private readonly ContextSet contexts;

    /// <summary>The traces of one checkpoint on one text; nothing is computed yet.</summary>
    /// <param name="config">The model.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="contexts">The text: its first contexts.</param>
    /// <exception cref="ArgumentException">The text is masked.</exception>
    public CurvatureTraces(TransformerConfig config, WeightSet weights, ContextSet contexts)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(contexts);
        (this.config, this.weights, this.contexts) = (config, weights, contexts.Unmasked("a trace of curvature"));
    }

    /// <summary>Random vectors and contexts.</summary>
    public CurvatureOptions Options { get; init; } = new();

    /// <summary>Traces of the Hessian.</summary>
    /// <param name="components">Components, in the order of the result.</param>
    /// <exception cref="ArgumentException">The weights are not the model's, or the model cannot
    /// read the contexts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public IReadOnlyList<ComponentTrace> Hessian(IReadOnlyList<Component> components) =>
        Estimate(components, HessianProbe);

    /// <summary>Traces of the empirical Fisher information, per token. Errors as for
    /// <see cref="Hessian"/>.</summary>
    /// <param name="components">Components, in the order of the result.</param>
    public IReadOnlyList<ComponentTrace> Fisher(IReadOnlyList<Component> components) =>
        Estimate(components, FisherProbe);

    private delegate Tensor[] Probe(Tensor[] parameters, Tensor losses, NamedRandom random, int probe);

    private ComponentTrace[] Estimate(IReadOnlyList<Component> components, Probe estimate)
    {
        ArgumentNullException.ThrowIfNull(components);
        var chosen = Options.Validated();
        contexts.CheckedAgainst(config);
        Native.TorchNative.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var graded = Native.GradientMode.Enabled();
        using var model = new AttentionOnlyTransformer(config);
        model.Load(weights);
        var names = components.SelectMany(c => c.Slices).Select(s => s.Weight).Distinct().ToArray();
        foreach (var (name, value) in model.Weights) value.requires_grad_(names.Contains(name));
        var forward = new HeadwiseForward(model, fused: false);
        Tensor[] parameters = [.. names.Select(name => forward[name])];
        var random = NamedRandom.Stream("curvature traces", chosen.Seed, estimate.Method.Name);
        var values = components.Select(_ => new double[chosen.Probes]).ToArray();
        var count = Math.Min(chosen.Contexts, contexts.Count);
        const int batch = 4; // Second derivatives keep every intermediate value: a few contexts at a time.
        for (var from = 0; from < count; from += batch)
            for (var probe = 0; probe < chosen.Probes; probe++)
            {
                using var one = NewDisposeScope();
                var ids = contexts.ToTensor(Math.Min(batch, count - from), from);
                var residual = forward.Continue(0, forward.Embed(ids), forward.Positions(ids.shape[1]));
                var losses = forward.Losses(residual, ids); // [batch, pos - 1]
                var products = estimate(parameters, losses, random, probe * count + from);
                var tokens = (double)count * (contexts.ContextLength - 1);
                for (var c = 0; c < components.Count; c++)
                    foreach (var slice in components[c].Slices)
                        values[c][probe] += products[Array.IndexOf(names, slice.Weight)].reshape(-1).narrow(0, slice.Start, slice.Length)
                            .to(ScalarType.Float64).sum().item<double>() / tokens;
            }
        return [.. components.Select((component, c) =>
        {
            var (mean, error) = Statistics.Mean(values[c]);
            return new ComponentTrace(component.Name, component.Dimension, mean, error);
        })];
    }

    /// <summary>v * (H v), H of the summed loss.</summary>
    private static Tensor[] HessianProbe(Tensor[] parameters, Tensor losses, NamedRandom random, int probe)
    {
        var gradients = autograd.grad([losses.sum()], parameters, retain_graph: true, create_graph: true);
        Tensor[] signs = [.. parameters.Select((p, i) => Signs(p.shape, random, probe, i))];
        var along = gradients.Zip(signs, (g, s) => (g * s).sum()).Aggregate(Native.Scalars.Plus);
        var products = autograd.grad([along], parameters, allow_unused: true);
        return [.. products.Zip(signs, (h, s) => h is null || h.IsInvalid ? zeros_like(s) : h * s)];
    }

    /// <summary>(sum_t s_t g_t)^2, elementwise.</summary>
    private static Tensor[] FisherProbe(Tensor[] parameters, Tensor losses, NamedRandom random, int probe) =>
        [.. autograd.grad([(losses * Signs(losses.shape, random, probe, 0)).sum()], parameters).Select(g => g * g)];

    private static Tensor Signs(long[] shape, NamedRandom random, int probe, int weight)
    {
        var values = new float[shape.Aggregate(1L, (n, d) => n * d)];
        random.Normals(values, (ulong)probe << 20 | (uint)weight);
        for (var i = 0; i < values.Length; i++) values[i] = values[i] < 0 ? -1 : 1;
        return tensor(values).view(shape);
    }
}
