using MlNetRllc.Core.Model;
using MlNetRllc.Core.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Heads;

/// <summary>Where heads look on random tokens, [layer][head]; NaN where the model's context is too
/// short.</summary>
internal sealed record AttentionScores(
    double[][] PreviousToken, double[][] CurrentToken, double[][] PrefixMatching, AttentionChance Chance)
{
    public static AttentionScores Compute(
        HeadwiseForward forward,
        int bos,
        int drawn,
        HeadScoreOptions options,
        List<string> notes)
    {
        var config = forward.Config;
        if (config.ContextLength < ProbeSequences.ShortestContext || drawn < 2)
        {
            notes.Add(drawn < 2 ? $"Attention scores need 3 tokens in the vocabulary; it has {drawn + 1}."
                : $"Attention scores need a context of {ProbeSequences.ShortestContext} tokens; the model's is {config.ContextLength}.");
            double[] NoScores() => [.. Enumerable.Repeat(double.NaN, config.Heads)];
            double[][] Missing() => [.. Enumerable.Range(0, config.Layers).Select(_ => NoScores())];
            return new(Missing(), Missing(), Missing(), new(double.NaN, double.NaN));
        }
        var last = ProbeSequences.LastToken(config, bos, drawn, options);
        var planted = ProbeSequences.PlantedTwice(config, bos, drawn, options);
        var onLast = Attention(forward, last, last.Key, last.Query);
        var onPlanted = Attention(forward, planted, planted.Key);
        return new(onLast[0], onLast[1], onPlanted[0], new(last.Chance, planted.Chance));
    }

    /// <summary>Mean attention from each sequence's query to each of the keys: [keys][layer][head].
    /// Only the queries' rows are formed.</summary>
    private static double[][][] Attention(
        HeadwiseForward forward, ProbeSequences sequences, params int[][] keys)
    {
        using var scope = NewDisposeScope();
        var (batch, pos, config) = (sequences.Query.Length, sequences.Length, forward.Config);
        var ids = tensor(sequences.Tokens, [batch, pos]);
        var positions = forward.Positions(pos);
        var query = tensor(sequences.Query.Select(q => (long)q).ToArray()); // [batch]
        var rows = tensor([.. sequences.Query.Select((q, i) => (long)i * pos + q)]); // [batch]
        var key = tensor([.. Enumerable.Range(0, pos).Select(k => (long)k)]); // [key]
        var future = key.unsqueeze(0) > query.unsqueeze(1); // [batch, key]
        var scores = keys.Select(_ => new double[config.Layers][]).ToArray();
        var x = forward.Embed(ids);
        for (var layer = 0; layer < config.Layers; layer++)
        {
            var n = forward.AttentionInput(layer, x);
            var placed = n.Plus(positions); // [batch, pos, d_model]
            var asking = placed.view(-1, config.ModelWidth).index_select(0, rows).unsqueeze(1); // [batch, 1, d_model]
            var q = forward.Project(layer, "Q", asking).reshape((long)batch * config.Heads, 1, config.HeadWidth);
            var k = forward.Project(layer, "K", placed); // [batch, head, pos, d_head]
            var turned = k.reshape((long)batch * config.Heads, pos, config.HeadWidth).transpose(1, 2);
            var products = q.bmm(turned) * Scalars.Kept(1 / Math.Sqrt(config.HeadWidth));
            var pattern = products.view(batch, config.Heads, pos) // [batch, head, key]
                .masked_fill(future.unsqueeze(1), Scalars.Kept(double.NegativeInfinity)).softmax(-1);
            for (var i = 0; i < keys.Length; i++)
            {
                var asked = tensor(keys[i].Select(t => (long)t).ToArray()).view(batch, 1, 1).expand(batch, config.Heads, 1);
                scores[i][layer] = pattern.gather(2, asked).to(ScalarType.Float64).mean([0L, 2L]).data<double>().ToArray();
            }
            if (layer == config.Layers - 1) break;
            var z = forward.Attend(forward.Project(layer, "Q", placed), k, forward.Project(layer, "V", n));
            x = forward.AfterAttention(layer, x.Plus(forward.Write(layer, z)));
        }
        return scores;
    }
}
