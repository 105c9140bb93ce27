using System.Diagnostics.CodeAnalysis;
using MlNetRllc.Core.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Model;

/// <summary>Every intermediate value of one forward pass, by its TransformerLens hook name.</summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Name</term><description>Shape</description></listheader>
/// <item><term>hook_embed</term><description>[batch, pos, d_model]</description></item>
/// <item><term>blocks.L.hook_resid_pre, .hook_attn_out, .hook_resid_post</term><description>[batch,
/// pos, d_model]; with an MLP also <c>.hook_resid_mid</c></description></item>
/// <item><term>blocks.L.ln1.hook_normalized_scaled</term><description>[batch, pos, d_model]: the
/// LayerNorm's result, gain and bias applied; positions not yet added</description></item>
/// <item><term>blocks.L.attn.hook_q, hook_k, hook_v, hook_z</term><description>[batch, pos, head,
/// d_head]</description></item>
/// <item><term>blocks.L.attn.hook_pattern</term><description>[batch, head, query, key]</description></item>
/// <item><term>blocks.L.attn.hook_result</term><description>[batch, pos, head, d_model]: what each
/// head adds to the stream</description></item>
/// </list>
/// The cache owns its tensors and frees them on disposal.
/// </remarks>
public sealed class ActivationCache : IDisposable
{
    private readonly Dictionary<string, Tensor> values = new(StringComparer.Ordinal);

    private ActivationCache()
    {
    }

    /// <summary>Runs the model without gradients and keeps what it computes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">Token ids, [batch, pos], int64.</param>
    /// <exception cref="ArgumentException">The ids have another shape or type, or one lies outside
    /// the vocabulary.</exception>
    public static ActivationCache Record(AttentionOnlyTransformer model, Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.CheckIds(ids);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var cache = new ActivationCache();
        var forward = new HeadwiseForward(model, fused: false);
        var positions = forward.Positions(ids.shape[1]);
        var x = cache.Keep("hook_embed", forward.Embed(ids));
        for (var layer = 0; layer < model.Config.Layers; layer++)
        {
            var block = $"blocks.{layer}";
            cache.Keep($"{block}.hook_resid_pre", x.alias());
            var n = cache.Keep($"{block}.ln1.hook_normalized_scaled", forward.AttentionInput(layer, x));
            var placed = n.Plus(positions);
            var (q, k, v) = (forward.Project(layer, "Q", placed), forward.Project(layer, "K", placed), forward.Project(layer, "V", n));
            var z = forward.Attend(q, k, v); // [batch, head, pos, d_head]
            foreach (var (name, value) in new[] { ("q", q), ("k", k), ("v", v), ("z", z) })
                cache.Keep($"{block}.attn.hook_{name}", value.transpose(1, 2).contiguous());
            cache.Keep($"{block}.attn.hook_pattern", HeadwiseForward.Pattern(q, k));
            cache.Keep($"{block}.attn.hook_result", stack(Enumerable.Range(0, model.Config.Heads)
                .Select(head => forward.WriteOf(layer, head, z.select(1, head))).ToList(), 2));
            var written = cache.Keep($"{block}.hook_attn_out", forward.Write(layer, z));
            var mid = x.Plus(written);
            if (model.Config.MlpWidth > 0) cache.Keep($"{block}.hook_resid_mid", mid);
            x = cache.Keep($"{block}.hook_resid_post", forward.AfterAttention(layer, mid));
        }
        return cache;
    }

    /// <summary>The value of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists the names there
    /// are.</exception>
    public Tensor this[string name] => values.TryGetValue(name, out var value) ? value
        : throw new KeyNotFoundException($"No activation is named '{name}'; there are: {string.Join(", ", values.Keys)}.");

    /// <summary>The names, in the order of computation.</summary>
    public IReadOnlyCollection<string> Names => values.Keys;

    /// <summary>The value of that name, if there is one.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Tensor? value) =>
        values.TryGetValue(name, out value);

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var value in values.Values) value.Dispose();
    }

    private Tensor Keep(string name, Tensor value) => values[name] = value.DetachFromDisposeScope();
}
