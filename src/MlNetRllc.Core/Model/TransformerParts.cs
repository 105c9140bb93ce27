using MlNetRllc.Core.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MlNetRllc.Core.Model;

/// <summary>Makes a parameter of that full name and shape, with its starting values.</summary>
internal delegate Parameter NewParameter(string name, params long[] shape);

#pragma warning disable IDE1006 // Fields carry the weights' own names; TorchSharp registers them by these.

/// <summary>Token embedding: row lookup.</summary>
internal sealed class Embedding : nn.Module<Tensor, Tensor>
{
    private readonly Parameter W_E;

    public Embedding(TransformerConfig config, NewParameter make) : base("embed")
    {
        W_E = make(WeightNames.Embed, config.VocabularySize, config.ModelWidth);
        RegisterComponents();
    }

    public override Tensor forward(Tensor ids) =>
        W_E.index_select(0, ids.reshape(-1)).view(ids.shape[0], ids.shape[1], -1); // [batch, pos, d_model]
}

/// <summary>The position table's first rows.</summary>
internal sealed class PositionTable : nn.Module<long, Tensor>
{
    private readonly Parameter W_pos;

    public PositionTable(TransformerConfig config, NewParameter make) : base("pos_embed")
    {
        W_pos = make(WeightNames.Position, config.ContextLength, config.ModelWidth);
        RegisterComponents();
    }

    public override Tensor forward(long pos) => W_pos.narrow(0, 0, pos);             // [pos, d_model]
}

/// <summary>LayerNorm over d_model: (x - mean) / sqrt(variance + epsilon) * w + b, with the biased
/// variance.</summary>
internal sealed class Norm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter w, b;
    private readonly double epsilon;

    public Norm(string path, TransformerConfig config, NewParameter make) : base("norm")
    {
        (w, b) = (make($"{path}.w", config.ModelWidth), make($"{path}.b", config.ModelWidth));
        epsilon = config.LayerNormEpsilon;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => F.layer_norm(x, [x.shape[^1]], w, b, epsilon); // as x
}

/// <summary>Unembedding: logits = x W_U + b_U.</summary>
internal sealed class Unembedding : nn.Module<Tensor, Tensor>
{
    private readonly Parameter W_U;
    private readonly Parameter? b_U;

    public Unembedding(TransformerConfig config, NewParameter make) : base("unembed")
    {
        W_U = make(WeightNames.Unembed, config.ModelWidth, config.VocabularySize);
        if (config.UnembeddingBias) b_U = make(WeightNames.UnembedBias, config.VocabularySize);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => b_U is null ? x.mm(W_U) : addmm(b_U, x, W_U, 1, 1); // [rows, vocab]
}

/// <summary>One block: attention and, where the model has one, an MLP, each reading a LayerNorm of
/// the stream and adding to it.</summary>
internal sealed class Block : nn.Module<Tensor, Tensor, List<Tensor>?, Tensor>
{
    private readonly Norm ln1;
    private readonly Attention attn;
    private readonly Norm? ln2;
    private readonly Mlp? mlp;

    public Block(TransformerConfig config, int layer, NewParameter make) : base("block")
    {
        ln1 = new($"blocks.{layer}.ln1", config, make);
        attn = new(config, layer, make);
        if (config.MlpWidth > 0)
            (ln2, mlp) = (new($"blocks.{layer}.ln2", config, make), new(config, layer, make));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor positions, List<Tensor>? patterns)
    {
        x = x.Plus(attn.call(ln1.call(x), positions, patterns)); // [batch, pos, d_model]
        return mlp is null ? x : x.Plus(mlp.call(ln2!.call(x))); // [batch, pos, d_model]
    }
}

/// <summary>Causal self-attention whose queries and keys, but not values, see the position table.</summary>
internal sealed class Attention : nn.Module<Tensor, Tensor, List<Tensor>?, Tensor>
{
    private readonly Parameter W_Q, W_K, W_V, W_O;
    private readonly Parameter? b_Q, b_K, b_V, b_O;
    private readonly long head, d_model, d_head;

    public Attention(TransformerConfig config, int layer, NewParameter make) : base("attn")
    {
        (head, d_model, d_head) = (config.Heads, config.ModelWidth, config.HeadWidth);
        Parameter In(string name) => make(WeightNames.Attention(layer, name), head, d_model, d_head);
        (W_Q, W_K, W_V) = (In("W_Q"), In("W_K"), In("W_V"));
        W_O = make(WeightNames.Attention(layer, "W_O"), head, d_head, d_model);
        if (config.AttentionBiases)
        {
            Parameter Bias(string name) => make(WeightNames.Attention(layer, name), head, d_head);
            (b_Q, b_K, b_V) = (Bias("b_Q"), Bias("b_K"), Bias("b_V"));
            b_O = make(WeightNames.Attention(layer, "b_O"), d_model);
        }
        RegisterComponents();
    }

    public override Tensor forward(Tensor normed, Tensor positions, List<Tensor>? patterns)
    {
        var (batch, pos) = (normed.shape[0], normed.shape[1]);
        var placed = normed.Plus(positions); // [batch, pos, d_model]
        var q = Project(placed, W_Q, b_Q); // [batch, head, pos, d_head]
        var k = Project(placed, W_K, b_K); // [batch, head, pos, d_head]
        var v = Project(normed, W_V, b_V); // [batch, head, pos, d_head]
        patterns?.Add(Pattern(q, k)); // [batch, head, query, key]
        var z = F.scaled_dot_product_attention(q, k, v, is_casual: true); // [batch, head, pos, d_head]
        var rows = z.transpose(1, 2).reshape(batch * pos, head * d_head); // [batch * pos, head * d_head]
        var w = W_O.view(head * d_head, d_model); // [head * d_head, d_model]
        var written = b_O is null ? rows.mm(w) : addmm(b_O, rows, w, 1, 1); // [batch * pos, d_model]
        return written.view(batch, pos, d_model); // [batch, pos, d_model]
    }

    /// <summary>All heads in one product: the weight is laid out as [d_model, head * d_head]
    /// first.</summary>
    private Tensor Project(Tensor x, Tensor weight, Tensor? bias)
    {
        var rows = x.view(-1, d_model); // [batch * pos, d_model]
        var w = weight.transpose(0, 1).reshape(d_model, head * d_head); // [d_model, head * d_head]
        var y = bias is null ? rows.mm(w) : addmm(bias.view(-1), rows, w, 1, 1); // [batch * pos, head * d_head]
        return y.view(x.shape[0], x.shape[1], head, d_head).transpose(1, 2); // [batch, head, pos, d_head]
    }

    private Tensor Pattern(Tensor q, Tensor k)
    {
        var (batch, pos) = (q.shape[0], q.shape[2]);
        var flatQ = q.reshape(batch * head, pos, d_head); // [batch * head, query, d_head]
        var flatK = k.reshape(batch * head, pos, d_head); // [batch * head, key, d_head]
        var scores = flatQ.bmm(flatK.transpose(1, 2)) * Scalars.Kept(1 / Math.Sqrt(d_head)); // [batch * head, query, key]
        var future = ones(pos, pos, ScalarType.Bool, q.device).triu(1); // [query, key]
        return scores.masked_fill(future, Scalars.Kept(double.NegativeInfinity)).softmax(-1).view(batch, head, pos, pos);
    }
}

/// <summary>GELU(x W_in + b_in) W_out + b_out.</summary>
internal sealed class Mlp : nn.Module<Tensor, Tensor>
{
    private readonly Parameter W_in, b_in, W_out, b_out;

    public Mlp(TransformerConfig config, int layer, NewParameter make) : base("mlp")
    {
        var (d_model, d_mlp) = (config.ModelWidth, config.MlpWidth);
        (W_in, b_in) = (make(WeightNames.Mlp(layer, "W_in"), d_model, d_mlp), make(WeightNames.Mlp(layer, "b_in"), d_mlp));
        (W_out, b_out) = (make(WeightNames.Mlp(layer, "W_out"), d_mlp, d_model), make(WeightNames.Mlp(layer, "b_out"), d_model));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var hidden = F.gelu(addmm(b_in, x.view(-1, x.shape[^1]), W_in, 1, 1)); // [batch * pos, d_mlp]
        return addmm(b_out, hidden, W_out, 1, 1).view(x.shape); // [batch, pos, d_model]
    }
}
