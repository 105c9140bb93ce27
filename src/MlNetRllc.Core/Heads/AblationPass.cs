using MlNetRllc.Core.Model;
using MlNetRllc.Core.Native;
using MlNetRllc.Core.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Heads;

/// <summary>What an ablated head gives instead of its own output.</summary>
public enum Ablation
{
    /// <summary>Nothing.</summary>
    Zero,

    /// <summary>Its mean output over contexts and positions.</summary>
    Mean,

    /// <summary>Its output at the same position of another context.</summary>
    Resample,
}

/// <summary>Losses of a batch of contexts with something in the model taken out; what lies below
/// the change is computed once for all.</summary>
/// <remarks>Without gradients. Tensors that it keeps are freed on disposal.</remarks>
internal sealed class AblationPass : IDisposable
{
    private readonly HeadwiseForward forward;
    private readonly Tensor ids, positions;
    private readonly List<Tensor> entering = [], mixed = [], attended = [];
    private readonly long[] other;
    private readonly LowRankUnembedding? lastLayer;

    /// <summary>Runs the whole model once.</summary>
    /// <param name="forward">The model.</param>
    /// <param name="tokens">Token ids, [batch, pos], int64.</param>
    /// <param name="seed">Decides which context another one's output is resampled from.</param>
    public AblationPass(HeadwiseForward forward, Tensor tokens, int seed)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        this.forward = forward;
        ids = tokens.alias();
        positions = forward.Positions(ids.shape[1]).clone();
        var x = forward.Embed(ids);
        for (var layer = 0; layer < forward.Config.Layers; layer++)
        {
            entering.Add(x);
            mixed.Add(forward.Mixed(layer, x, positions));
            attended.Add(x.Plus(forward.Write(layer, mixed[layer])));
            x = forward.AfterAttention(layer, attended[layer]);
        }
        Base = forward.Losses(x, ids);
        if (LowRankUnembedding.Serves(forward.Config, ids)) lastLayer = new(forward, x, ids);
        var batch = ids.shape[0];
        var shift = batch > 1
            ? 1 + NamedRandom.Stream("resample ablation", seed).Integer((int)batch - 1, 0, 0)
            : 0;
        other = [.. Enumerable.Range(0, (int)batch).Select(i => (i + shift) % batch)];
        foreach (var tensor in Kept) tensor.DetachFromDisposeScope();
    }

    /// <summary>Losses of the whole model, [batch, pos - 1].</summary>
    public Tensor Base { get; }

    /// <summary>Losses with one head ablated, [batch, pos - 1].</summary>
    /// <exception cref="ArgumentException">There is a single context, and the head's output is to
    /// come from another.</exception>
    public Tensor Head(int layer, int head, Ablation ablation)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        return After(layer, head, Change(layer, head, ablation)).MoveToOuterDisposeScope();
    }

    /// <summary>Losses with the head <paramref name="head"/> of the layer below replaced by its
    /// mean in what one head of <paramref name="layer"/> reads (queries, keys and values alike),
    /// for every such reader: [batch, pos - 1] each.</summary>
    /// <remarks>The LayerNorm before the reader is computed anew. Only the direct path is cut:
    /// through an MLP between, the head still acts.</remarks>
    public Tensor[] Paths(int layer, int head)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var x = entering[layer].Plus(forward.WriteOf(layer - 1, head, Change(layer - 1, head, Ablation.Mean))); // [batch, pos, d_model]
        return EachHead(layer, forward.Mixed(layer, x, positions));
    }

    /// <summary>Losses with the mean row of the position table everywhere in one head's queries and
    /// keys, for every head of the layer.</summary>
    public Tensor[] HeadPositions(int layer)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        return EachHead(layer, forward.Mixed(layer, entering[layer], NoPosition()));
    }

    /// <summary>Losses with the mean row of the position table everywhere, [batch, pos - 1].</summary>
    public Tensor Positions()
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        return forward.Losses(forward.Continue(0, entering[0], NoPosition()), ids).MoveToOuterDisposeScope();
    }

    /// <summary>The values that a head mixes in the whole model, [batch, pos, d_head].</summary>
    public Tensor Mixed(int layer, int head) => mixed[layer].select(1, head);

    /// <summary>A head's W_O, [d_head, d_model].</summary>
    public Tensor OutputOf(int layer, int head) => forward[WeightNames.Attention(layer, "W_O")].select(0, head);

    public void Dispose()
    {
        foreach (var tensor in Kept) tensor.Dispose();
        lastLayer?.Dispose();
    }

    private IEnumerable<Tensor> Kept => [Base, ids, positions, .. entering, .. mixed, .. attended];

    private Tensor NoPosition() => positions.mean([0L], keepdim: true).expand(positions.shape); // [pos, d_model]

    /// <summary>Losses with one head's mixed values replaced at a time.</summary>
    private Tensor[] EachHead(int layer, Tensor replaced)
    {
        var losses = new Tensor[forward.Config.Heads];
        for (var head = 0; head < losses.Length; head++)
        {
            using var scope = NewDisposeScope();
            var change = replaced.select(1, head).Minus(mixed[layer].select(1, head)); // [batch, pos, d_head]
            losses[head] = After(layer, head, change).MoveToOuterDisposeScope();
        }
        foreach (var loss in losses) loss.MoveToOuterDisposeScope();
        return losses;
    }

    private Tensor Change(int layer, int head, Ablation ablation)
    {
        var z = mixed[layer].select(1, head); // [batch, pos, d_head]
        if (ablation == Ablation.Resample && other.Length < 2)
            throw new ArgumentException(
                "Resampling needs at least 2 contexts: the head's output comes from another one.");
        return ablation switch
        {
            Ablation.Zero => -z,
            Ablation.Mean => z.mean([0L, 1L], keepdim: true).Minus(z),
            _ => z.index_select(0, tensor(other)).Minus(z),
        };
    }

    /// <summary>Losses with a change of one head's mixed values, [batch, pos, d_head].</summary>
    private Tensor After(int layer, int head, Tensor change)
    {
        if (layer == forward.Config.Layers - 1 && lastLayer is not null)
            return lastLayer.Losses(change, OutputOf(layer, head));
        var x = attended[layer].Plus(forward.WriteOf(layer, head, change)); // [batch, pos, d_model]
        return forward.Losses(forward.Continue(layer + 1, forward.AfterAttention(layer, x), positions), ids);
    }
}
