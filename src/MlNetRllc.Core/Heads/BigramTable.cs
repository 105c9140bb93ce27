using System.Runtime.InteropServices;
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
            for (var t = 1; t < tokens.Length; t++) CollectionsMarshal.GetValueRefOrAddDefault(counts, (tokens[t - 1], tokens[t]), out _)++;
        }
        foreach (var row in counts.GroupBy(c => c.Key.Before))
        {
            var (next, total) = (row.OrderBy(c => c.Key.Token).ToArray(), (double)row.Sum(c => (long)c.Value));
            float[] share = [.. next.Select(c => (float)(c.Value / total))];
            rows[row.Key] = ([.. next.Select(c => c.Key.Token)], share, -share.Sum(p => p * Math.Log(p)));
        }
    }

    /// <summary>Sums over rows of the cross-entropy of predictions against the shares, and of the shares' own entropy, in nats.</summary>
    /// <param name="predicted">Log-probabilities, [row, vocab].</param>
    /// <param name="before">The token that each row follows; rows of tokens that nothing follows in the text are left out.</param>
    public (double CrossEntropy, double Entropy, int Rows) Compare(Tensor predicted, ReadOnlySpan<int> before)
    {
        using var scope = NewDisposeScope();
        var (index, share) = (new List<long>(), new List<float>());
        double entropy = 0;
        var known = 0;
        for (var row = 0; row < before.Length; row++)
        {
            if (!rows.TryGetValue(before[row], out var found)) continue;
            known++;
            foreach (var token in found.Next) index.Add(row * predicted.shape[1] + token);
            share.AddRange(found.Share);
            entropy += found.Entropy;
        }
        if (known == 0) return (0, 0, 0);
        var logs = predicted.to(ScalarType.Float32).view(-1).index_select(0, tensor(index.ToArray()));
        return (-(logs * tensor(share.ToArray())).to(ScalarType.Float64).sum().item<double>(), entropy, known);
    }
}
