using MlNetRllc.Core.Model;
using MlNetRllc.Core.Native;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MlNetRllc.Core.Heads;

/// <summary>Losses after a change of one head of the last layer: the change of the stream has rank
/// d_head, and so has the product with the vocabulary.</summary>
/// <remarks>
/// With final LayerNorm gain g and bias b, G = diag(g) W_U and C = G less its mean over d_model,
/// the logits are s_t (r_t C) + b W_U + b_U, s_t = 1 / sqrt(var(r_t) + epsilon). For r = r_base + z
/// W_O: r C = r_base C + z (W_O C), of which the first part is formed once.
/// </remarks>
internal sealed class LowRankUnembedding : IDisposable
{
    private const int RowsAtOnce = 512;
    private const long MostValues = 1 << 26; // 256 MiB of products that are kept.

    private readonly Tensor rows, centred, products, bias, targets, epsilon;

    /// <param name="forward">The model.</param>
    /// <param name="final">The stream that leaves the last block, [batch, pos, d_model].</param>
    /// <param name="ids">Token ids, [batch, pos].</param>
    public LowRankUnembedding(HeadwiseForward forward, Tensor final, Tensor ids)
    {
        using var scope = NewDisposeScope();
        var pos = ids.shape[1];
        var unembed = forward[WeightNames.Unembed]; // [d_model, vocab]
        rows = final.narrow(1, 0, pos - 1).reshape(-1, forward.Config.ModelWidth); // [batch * (pos - 1), d_model]
        targets = ids.narrow(1, 1, pos - 1).reshape(-1); // [batch * (pos - 1)]
        var gained = forward[WeightNames.FinalGain].unsqueeze(1) * unembed; // [d_model, vocab]
        centred = gained - gained.mean([0L], keepdim: true); // [d_model, vocab]
        products = rows.mm(centred); // [batch * (pos - 1), vocab]
        var shift = forward[WeightNames.FinalBias].unsqueeze(0).mm(unembed); // [1, vocab]
        bias = forward.Config.UnembeddingBias ? shift.Plus(forward[WeightNames.UnembedBias]) : shift;
        epsilon = tensor((float)forward.Config.LayerNormEpsilon);
        foreach (var tensor in Kept) tensor.DetachFromDisposeScope();
    }

    /// <summary>Whether it is worth it: no MLP reads the head, heads are narrow, and the products
    /// fit into memory.</summary>
    public static bool Serves(TransformerConfig config, Tensor ids) =>
        config.MlpWidth == 0 && 4 * config.HeadWidth <= config.ModelWidth && ids.numel() * config.VocabularySize <= MostValues;

    /// <summary>Losses with z W_O added to the stream.</summary>
    /// <param name="z">Change of a head's mixed values, [batch, pos, d_head].</param>
    /// <param name="output">The head's W_O, [d_head, d_model].</param>
    /// <returns>[batch, pos - 1].</returns>
    public Tensor Losses(Tensor z, Tensor output)
    {
        var (batch, pos) = (z.shape[0], z.shape[1]);
        var changes = z.narrow(1, 0, pos - 1).reshape(-1, z.shape[2]); // [rows, d_head]
        var stream = rows.Plus(changes.mm(output)); // [rows, d_model]
        var apart = stream - stream.mean([1L], keepdim: true); // [rows, d_model]
        var scale = (apart * apart).mean([1L], keepdim: true).Plus(epsilon).rsqrt(); // [rows, 1]
        var into = output.mm(centred); // [d_head, vocab]
        var losses = new List<Tensor>();
        for (long row = 0; row < rows.shape[0]; row += RowsAtOnce)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(RowsAtOnce, rows.shape[0] - row);
            var logits = addmm(products.narrow(0, row, count), changes.narrow(0, row, count), into, 1, 1); // [count, vocab]
            logits.mul_(scale.narrow(0, row, count)).add_(bias, Scalars.Kept(1));
            losses.Add(F.cross_entropy(logits, targets.narrow(0, row, count), reduction: nn.Reduction.None).MoveToOuterDisposeScope());
        }
        return cat(losses).view(batch, pos - 1);
    }

    public void Dispose()
    {
        foreach (var tensor in Kept) tensor.Dispose();
    }

    private IEnumerable<Tensor> Kept => [rows, centred, products, bias, targets, epsilon];
}
