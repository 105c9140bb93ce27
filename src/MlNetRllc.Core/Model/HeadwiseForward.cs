using MlNetRllc.Core.Native;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MlNetRllc.Core.Model;

/// <summary>The model's computation in parts, head by head, on the model's own tensors: for caches,
/// ablations and second derivatives.</summary>
/// <param name="model">Whose weights are used, as they are at each call.</param>
/// <param name="fused">Whether attention takes the fused kernel; that one has no second
/// derivatives.</param>
internal sealed class HeadwiseForward(AttentionOnlyTransformer model, bool fused = true)
{
    private const int RowsAtOnce = 512;

    private readonly Dictionary<string, Tensor> weights =
        model.Weights.ToDictionary(w => w.Name, w => (Tensor)w.Value, StringComparer.Ordinal);

    public TransformerConfig Config => model.Config;

    public Tensor this[string weight] => weights[weight];

    /// <summary>[batch, pos] -> [batch, pos, d_model].</summary>
    public Tensor Embed(Tensor ids) =>
        weights[WeightNames.Embed].index_select(0, ids.reshape(-1)).view(ids.shape[0], ids.shape[1], Config.ModelWidth);

    /// <summary>The position table's first rows, [pos, d_model].</summary>
    public Tensor Positions(long pos) => weights[WeightNames.Position].narrow(0, 0, pos);

    /// <summary>What attention of a layer reads before positions come in, [batch, pos, d_model].</summary>
    public Tensor AttentionInput(int layer, Tensor x) => Norm(x, $"blocks.{layer}.ln1");

    /// <summary>x W + b for all heads, W one of W_Q, W_K, W_V: [batch, pos, d_model] -> [batch,
    /// head, pos, d_head].</summary>
    public Tensor Project(int layer, string letter, Tensor x)
    {
        var (head, d_model, d_head) = (Config.Heads, Config.ModelWidth, Config.HeadWidth);
        var w = weights[WeightNames.Attention(layer, $"W_{letter}")] // [head, d_model, d_head]
            .transpose(0, 1).reshape(d_model, head * d_head); // [d_model, head * d_head]
        var rows = x.reshape(-1, d_model); // [batch * pos, d_model]
        var y = Config.AttentionBiases
            ? addmm(weights[WeightNames.Attention(layer, $"b_{letter}")].view(-1), rows, w, 1, 1)
            : rows.mm(w); // [batch * pos, head * d_head]
        return y.view(x.shape[0], x.shape[1], head, d_head).transpose(1, 2); // [batch, head, pos, d_head]
    }

    /// <summary>Attention weights, [batch, head, query, key].</summary>
    public static Tensor Pattern(Tensor q, Tensor k)
    {
        var (batch, head, pos, d_head) = (q.shape[0], q.shape[1], q.shape[2], q.shape[3]);
        var turned = k.reshape(batch * head, pos, d_head).transpose(1, 2); // [batch * head, d_head, key]
        var products = q.reshape(batch * head, pos, d_head).bmm(turned); // [batch * head, query, key]
        var scores = products * Scalars.Kept(1 / Math.Sqrt(d_head));
        var future = ones(pos, pos, ScalarType.Bool, q.device).triu(1); // [query, key]
        return scores.masked_fill(future, Scalars.Kept(double.NegativeInfinity)).softmax(-1).view(batch, head, pos, pos);
    }

    /// <summary>Values mixed by attention, [batch, head, pos, d_head].</summary>
    public Tensor Attend(Tensor q, Tensor k, Tensor v)
    {
        if (fused) return F.scaled_dot_product_attention(q, k, v, is_casual: true);
        var (batch, head, pos, d_head) = (q.shape[0], q.shape[1], q.shape[2], q.shape[3]);
        var values = v.reshape(batch * head, pos, d_head);
        return Pattern(q, k).view(batch * head, pos, pos).bmm(values).view(batch, head, pos, d_head);
    }

    /// <summary>The mixed values of a layer whose attention reads x, [batch, head, pos, d_head].</summary>
    public Tensor Mixed(int layer, Tensor x, Tensor positions)
    {
        var n = AttentionInput(layer, x); // [batch, pos, d_model]
        var placed = n.Plus(positions); // [batch, pos, d_model]
        return Attend(Project(layer, "Q", placed), Project(layer, "K", placed), Project(layer, "V", n));
    }

    /// <summary>What attention adds to the stream: [batch, head, pos, d_head] -> [batch, pos,
    /// d_model].</summary>
    public Tensor Write(int layer, Tensor z)
    {
        var (batch, pos, width) = (z.shape[0], z.shape[2], (long)Config.Heads * Config.HeadWidth);
        var rows = z.transpose(1, 2).reshape(batch * pos, width); // [batch * pos, head * d_head]
        var w = weights[WeightNames.Attention(layer, "W_O")].view(width, Config.ModelWidth); // [head * d_head, d_model]
        var written = Config.AttentionBiases
            ? addmm(weights[WeightNames.Attention(layer, "b_O")], rows, w, 1, 1)
            : rows.mm(w);
        return written.view(batch, pos, Config.ModelWidth); // [batch, pos, d_model]
    }

    /// <summary>What one head adds to the stream, without b_O: [batch, pos, d_head] -> [batch, pos,
    /// d_model].</summary>
    public Tensor WriteOf(int layer, int head, Tensor z)
    {
        var w = weights[WeightNames.Attention(layer, "W_O")].select(0, head); // [d_head, d_model]
        return z.reshape(-1, Config.HeadWidth).mm(w).view(z.shape[0], z.shape[1], Config.ModelWidth);
    }

    /// <summary>The stream after a block whose attention has already been added, [batch, pos,
    /// d_model].</summary>
    public Tensor AfterAttention(int layer, Tensor x)
    {
        if (Config.MlpWidth == 0) return x;
        Tensor Of(string name) => weights[WeightNames.Mlp(layer, name)];
        var rows = Norm(x, $"blocks.{layer}.ln2").view(-1, Config.ModelWidth); // [batch * pos, d_model]
        var hidden = F.gelu(addmm(Of("b_in"), rows, Of("W_in"), 1, 1)); // [batch * pos, d_mlp]
        return x.Plus(addmm(Of("b_out"), hidden, Of("W_out"), 1, 1).view(x.shape)); // [batch, pos, d_model]
    }

    /// <summary>The stream that leaves the last block, from the one that enters block
    /// <paramref name="layer"/>.</summary>
    public Tensor Continue(int layer, Tensor x, Tensor positions)
    {
        for (; layer < Config.Layers; layer++)
            x = AfterAttention(layer, x.Plus(Write(layer, Mixed(layer, x, positions)))); // [batch, pos, d_model]
        return x;
    }

    /// <summary>Logits of rows of the final stream: [rows, d_model] -> [rows, vocab].</summary>
    public Tensor Logits(Tensor rows)
    {
        var n = Norm(rows, "ln_final");
        var unembed = weights[WeightNames.Unembed];
        return Config.UnembeddingBias
            ? addmm(weights[WeightNames.UnembedBias], n, unembed, 1, 1)
            : n.mm(unembed);
    }

    /// <summary>Negative log-likelihood of each token after the first, in nats.</summary>
    /// <param name="x">The stream that leaves the last block, [batch, pos, d_model].</param>
    /// <param name="ids">Token ids, [batch, pos].</param>
    /// <returns>[batch, pos - 1].</returns>
    public Tensor Losses(Tensor x, Tensor ids)
    {
        var (batch, pos) = (ids.shape[0], ids.shape[1]);
        var rows = x.narrow(1, 0, pos - 1).reshape(-1, Config.ModelWidth); // [batch * (pos - 1), d_model]
        var targets = ids.narrow(1, 1, pos - 1).reshape(-1); // [batch * (pos - 1)]
        var losses = new List<Tensor>();
        for (long row = 0; row < rows.shape[0]; row += RowsAtOnce)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(RowsAtOnce, rows.shape[0] - row);
            losses.Add(F.cross_entropy(Logits(rows.narrow(0, row, count)), targets.narrow(0, row, count), reduction: nn.Reduction.None)
                .MoveToOuterDisposeScope());
        }
        return cat(losses).view(batch, pos - 1);
    }

    private Tensor Norm(Tensor x, string path) =>
        F.layer_norm(
            x,
            [Config.ModelWidth],
            weights[$"{path}.w"],
            weights[$"{path}.b"],
            Config.LayerNormEpsilon);
}
