using System.Runtime.InteropServices;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Heads;

/// <summary>The shares of pairs of neighbouring tokens in a text.</summary>
internal sealed class BigramTable
{
    private readonly Dictionary<int, (int[] Next, float[] Share, double Entropy)> rows = [];

    public BigramTable(ContextSet text)
    {
        var counts = new Dictionary<(int Before, int Token), int>();
        for (var context = 0; context < text.Count; context++)
        {
            var tokens = text[context];
            for (var t = 1; t < tokens.Length; t++)
                CollectionsMarshal.GetValueRefOrAddDefault(counts, (tokens[t - 1], tokens[t]), out _)++;
        }
        foreach (var row in counts.GroupBy(c => c.Key.Before))
        {
            var (next, total) = (row.OrderBy(c => c.Key.Token).ToArray(), (double)row.Sum(c => (long)c.Value));
            float[] share = [.. next.Select(c => (float)(c.Value / total))];
            rows[row.Key] = ([.. next.Select(c => c.Key.Token)], share, -share.Sum(p => p * Math.Log(p)));
        }
    }

    /// <summary>Sums over rows of the cross-entropy of predictions against the shares, and of the
    /// shares' own entropy, in nats.</summary>
    /// <param name="predicted">Log-probabilities, [row, vocab].</param>
    /// <param name="before">The token that each row follows; rows of tokens that nothing follows in
    /// the text are left out.</param>
    public (double CrossEntropy, double Entropy, int Rows) Compare(Tensor predicted, ReadOnlySpan<int> before)
    {
        using var scope = NewDisposeScope();
        // Read in place: gathering the few shares by an index tensor costs more than the model's
        // own forward pass.
        var logs = MemoryMarshal.Cast<byte, float>(predicted.to(ScalarType.Float32).contiguous().bytes);
        var vocabulary = (int)predicted.shape[1];
        double cross = 0, entropy = 0;
        var known = 0;
        for (var row = 0; row < before.Length; row++)
        {
            if (!rows.TryGetValue(before[row], out var found)) continue;
            known++;
            var line = logs.Slice(row * vocabulary, vocabulary);
            for (var i = 0; i < found.Next.Length; i++) cross -= (double)found.Share[i] * line[found.Next[i]];
            entropy += found.Entropy;
        }
        return (cross, entropy, known);
    }
}
