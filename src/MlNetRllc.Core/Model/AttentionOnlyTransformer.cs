using MlNetRllc.Core.Options;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MlNetRllc.Core.Model;

/// <summary>The language model: pre-LayerNorm attention blocks with Shortformer positions and an
/// untied unembedding.</summary>
/// <remarks>
/// <code>
/// x_0    = W_E[ids]                                          (no position enters the residual stream)
/// n      = LN1(x_l)
/// q, k   = (n + W_pos) W_Q + b_Q, (n + W_pos) W_K + b_K      (the same table in every layer)
/// v      = n W_V + b_V
/// x_l+1  = x_l + sum over heads of softmax(causal(q k^T / sqrt(d_head))) v W_O + b_O  [ + MLP(LN2(.)) ]
/// logits = LN_final(x_L) W_U + b_U
/// </code>
/// Wang et al. (arXiv 2410.02984), section 4; positions after Press et al. (Shortformer, arXiv
/// 2012.15832). The MLP's GELU is the exact one. Parameters are named and shaped as TransformerLens
/// does (<see cref="WeightNames"/>).
/// </remarks>
public sealed class AttentionOnlyTransformer : nn.Module<Tensor, Tensor>
{
    private const int RowsAtOnce = 1024;

    private readonly Embedding embed;
    private readonly PositionTable pos_embed;
    private readonly ModuleList<Block> blocks;
    private readonly Norm ln_final;
    private readonly Unembedding unembed;
    private readonly Dictionary<string, Parameter> byName;

    /// <summary>A model with fresh weights.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="device">Where it lives; the CPU by default.</param>
    /// <param name="seed">Seed of the starting weights; each weight draws from a stream named by
    /// this and its own name.</param>
    /// <param name="initialization">Scales of the starting weights.</param>
    /// <exception cref="ArgumentException">A number of the shape lies outside its range, or the
    /// precision is another one.</exception>
    public AttentionOnlyTransformer(TransformerConfig config, ScalarType dtype = ScalarType.Float32, Device? device = null, int seed = 0,
        Initialization? initialization = null) : base(LoadedName)
    {
        Config = config.Validated();
        if (dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException(
                $"The model computes in Float32 or Float64, not in {dtype}.", nameof(dtype));
        var scales = (initialization ?? new()).Validated();
        using var graded = Native.GradientMode.Enabled();

        Parameter New(string name, params long[] shape)
        {
            using var scope = NewDisposeScope();
            var values = scales.Values(name, (int)shape.Aggregate(1L, (n, d) => n * d), config, seed);
            var fresh = new Parameter(tensor(values).view(shape).to(dtype).to(device ?? CPU));
            return (Parameter)fresh.DetachFromDisposeScope();
        }
        embed = new(config, New);
        pos_embed = new(config, New);
        blocks = new([.. Enumerable.Range(0, config.Layers).Select(layer => new Block(config, layer, New))]);
        ln_final = new("ln_final", config, New);
        unembed = new(config, New);
        RegisterComponents();
        byName = named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
    }

    /// <summary>The model's shape.</summary>
    public TransformerConfig Config { get; }

    /// <summary>The parameters by their TransformerLens names, in the order of
    /// <see cref="WeightNames.Shapes"/>.</summary>
    public IEnumerable<(string Name, Parameter Value)> Weights =>
        WeightNames.Shapes(Config).Select(w => (w.Name, byName[w.Name]));

    /// <summary>Next-token logits.</summary>
    /// <param name="ids">Token ids, [batch, pos], int64, at most
    /// <see cref="TransformerConfig.ContextLength"/> positions.</param>
    /// <returns>[batch, pos, vocab]; entry t predicts token t + 1.</returns>
    /// <exception cref="ArgumentException">The ids have another shape or type, or one lies outside
    /// the vocabulary.</exception>
    public override Tensor forward(Tensor ids)
    {
        CheckIds(ids);
        using var scope = NewDisposeScope();
        var (batch, pos) = (ids.shape[0], ids.shape[1]);
        var final = FinalResidual(ids); // [batch * pos, d_model]
        return unembed.call(final).view(batch, pos, -1).MoveToOuterDisposeScope(); // [batch, pos, vocab]
    }

    /// <summary>Negative log-likelihood of each token given those before it, in nats.</summary>
    /// <param name="ids">Token ids, [batch, pos], int64, at least 2 positions.</param>
    /// <returns>[batch, pos - 1]; entry t is -log p(ids[t + 1] | ids[0..t]).</returns>
    /// <remarks>Logits are formed for some rows at a time; without gradients there are never more
    /// of them than that.</remarks>
    /// <exception cref="ArgumentException">The ids have another shape or type, or one lies outside
    /// the vocabulary.</exception>
    public Tensor PerTokenLoss(Tensor ids)
    {
        CheckIds(ids);
        if (ids.shape[1] < 2)
            throw new ArgumentException(
                "A loss needs at least 2 positions: the first token is not predicted.", nameof(ids));
        using var scope = NewDisposeScope();
        var (batch, pos) = (ids.shape[0], ids.shape[1]);
        var final = FinalResidual(ids.narrow(1, 0, pos - 1)); // [batch * (pos - 1), d_model]
        var targets = ids.narrow(1, 1, pos - 1).reshape(-1); // [batch * (pos - 1)]
        var losses = new List<Tensor>();
        for (long row = 0; row < final.shape[0]; row += RowsAtOnce)
        {
            using var chunk = NewDisposeScope();
            var rows = Math.Min(RowsAtOnce, final.shape[0] - row);
            var logits = unembed.call(final.narrow(0, row, rows));               // [rows, vocab]
            losses.Add(F.cross_entropy(logits, targets.narrow(0, row, rows), reduction: nn.Reduction.None).MoveToOuterDisposeScope());
        }
        return cat(losses).view(batch, pos - 1).MoveToOuterDisposeScope();       // [batch, pos - 1]
    }

    /// <summary>Where each head looks.</summary>
    /// <param name="ids">Token ids, [batch, pos], int64.</param>
    /// <returns>One tensor a layer, [batch, head, query, key]; each row sums to 1 and is 0 for keys
    /// after the query.</returns>
    /// <exception cref="ArgumentException">The ids have another shape or type, or one lies outside
    /// the vocabulary.</exception>
    public Tensor[] AttentionPatterns(Tensor ids)
    {
        CheckIds(ids);
        using var scope = NewDisposeScope();
        var patterns = new List<Tensor>();
        FinalResidual(ids, patterns);
        return [.. patterns.Select(p => p.MoveToOuterDisposeScope())];
    }

    /// <summary>Replaces every weight.</summary>
    /// <exception cref="ArgumentException">A weight is missing, superfluous, not finite or of
    /// another shape; none is then replaced.</exception>
    public void Load(WeightSet weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        weights.CheckedAgainst(Config);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        foreach (var (name, value) in Weights) value.copy_(tensor(weights[name].Values).view(value.shape));
    }

    /// <summary>A copy of every weight, in float32 and in the order of
    /// <see cref="WeightNames.Shapes"/>.</summary>
    public WeightSet ToWeights()
    {
        using var scope = NewDisposeScope();
        return new(Weights.Select(w => new Weight(w.Name, [.. w.Value.shape.Select(d => (int)d)],
            w.Value.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray())));
    }

    // TorchSharp is first touched by the base class, so what loads it comes before.
    private static string LoadedName
    {
        get
        {
            Native.TorchNative.EnsureLoaded();
            return nameof(AttentionOnlyTransformer);
        }
    }

    /// <summary>The stream that the unembedding reads, LayerNorm applied; ids are not checked.</summary>
    /// <param name="ids">Token ids, [batch, pos].</param>
    /// <param name="patterns">Receives each layer's attention; asking for it takes the slower,
    /// explicit path.</param>
    /// <returns>[batch * pos, d_model].</returns>
    internal Tensor FinalResidual(Tensor ids, List<Tensor>? patterns = null)
    {
        var positions = pos_embed.call(ids.shape[1]); // [pos, d_model]
        var x = embed.call(ids); // [batch, pos, d_model]
        foreach (var block in blocks) x = block.call(x, positions, patterns); // [batch, pos, d_model]
        return ln_final.call(x).view(-1, Config.ModelWidth); // [batch * pos, d_model]
    }

    internal void CheckIds(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.dim() != 2 || ids.dtype != ScalarType.Int64 || ids.numel() == 0)
            throw new ArgumentException("Token ids must be an Int64 tensor [batch, pos] that is not empty; "
                + $"this one is {ids.dtype} [{string.Join(", ", ids.shape)}].", nameof(ids));
        if (ids.shape[1] > Config.ContextLength)
            throw new ArgumentException(
                $"A context has {ids.shape[1]} tokens; the model takes at most {Config.ContextLength}.", nameof(ids));
        using var scope = NewDisposeScope();
        var (least, most) = (ids.min().item<long>(), ids.max().item<long>());
        if (least < 0 || most >= Config.VocabularySize)
            throw new ArgumentException($"The token id {(least < 0 ? least : most)} "
                + $"lies outside the vocabulary (0 to {Config.VocabularySize - 1}).", nameof(ids));
    }
}
