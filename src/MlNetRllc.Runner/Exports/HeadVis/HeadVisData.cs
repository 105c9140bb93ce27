using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Runner.Exports.HeadVis;

/// <summary>The files that the HeadVis viewer reads: <c>config.json</c>, <c>scatter_data.json</c>, <c>heads/L{l}H{h}.json</c>.</summary>
/// <remarks>Names and shapes are those that the docstrings of <c>data_pipeline.py</c> in github.com/anthropics/headvis (May 2026)
/// give. Projections and attributions are left out: the viewer does without them.</remarks>
/// <param name="study">What the viewer calls the model.</param>
/// <param name="metrics">Numbers of heads.</param>
/// <param name="sequences">Texts, by head.</param>
internal sealed class HeadVisData(string study, IReadOnlyList<HeadVisMetric> metrics, ILookup<HeadName, HeadVisSequence> sequences)
{
    /// <summary>Attention below it is not written: the viewer's files are sparse.</summary>
    private const double LeastAttention = 0.005;

    /// <summary>Tokens of the tables of those that a head attends from and to most.</summary>
    private const int TopTokens = 20;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = false };

    /// <summary>Heads that have a number or a text, by layer.</summary>
    public IReadOnlyList<HeadName> Heads { get; } =
    [
        .. metrics.SelectMany(m => m.Values.Keys).Concat(sequences.Select(s => s.Key)).Distinct()
            .OrderBy(h => h.Layer).ThenBy(h => h.Head),
    ];

    /// <summary>Metrics that some head has.</summary>
    public IReadOnlyList<HeadVisMetric> Metrics { get; } = [.. metrics.Where(m => m.Values.Count > 0).DistinctBy(m => m.Name)];

    /// <summary>Texts in all.</summary>
    public int Sequences => sequences.Sum(s => s.Count());

    /// <summary>Every file by its path, with '/'.</summary>
    public IEnumerable<(string Path, byte[] Content)> Files() =>
    [
        ("config.json", Bytes(Config())),
        ("scatter_data.json", Bytes(new JsonArray([.. Heads.Select(Row)]))),
        .. Heads.Select(head => ($"heads/L{head.Layer}H{head.Head}.json", Bytes(Head([.. sequences[head]])))),
        // Empty, they tell the viewer that no server stands behind it.
        ("server_config.json", Bytes(new JsonObject())),
        ("attributions/manifest.json", Bytes(new JsonObject())),
    ];

    private JsonObject Config() => new()
    {
        ["model_name"] = study,
        ["heads"] = new JsonArray([.. Heads.Select(h => new JsonArray(h.Layer, h.Head))]),
        ["n_layers"] = Heads.Max(h => h.Layer) + 1,
        ["n_heads"] = Heads.Max(h => h.Head) + 1,
        ["n_intervals"] = HeadVisSequences.Intervals,
        ["metrics"] = new JsonArray([.. Metrics.Select(m => JsonValue.Create(m.Name))]),
        ["metric_descriptions"] = new JsonObject(Metrics.Select(m => KeyValuePair.Create<string, JsonNode?>(m.Name, m.Description))),
        ["head_data_pattern"] = "L{layer}H{head}.json",
        ["has_umap"] = false,
        ["umap_heads"] = new JsonArray(),
        ["custom_plots"] = new JsonArray(Labelled("qk_distance_histogram", "Distance from query to key")),
        ["custom_tables"] = new JsonArray(
            Labelled("top_query_tokens", "Tokens that it attends from"), Labelled("top_key_tokens", "Tokens that it attends to")),
        ["statistics_display"] = new JsonObject
        {
            ["mean_max_activation"] = new JsonObject { ["label"] = "Mean largest attention", ["format"] = "default" },
        },
    };

    // What a head has no number of is left out of its row: JSON has no NaN, and null would be drawn as 0.
    private JsonObject Row(HeadName head)
    {
        var row = new JsonObject { ["layer"] = head.Layer, ["head"] = head.Head };
        foreach (var metric in Metrics)
            if (metric.Values.TryGetValue(head, out var value)) row[metric.Name] = Rounded(value);
        return row;
    }

    private static JsonObject Head(IReadOnlyList<HeadVisSequence> own)
    {
        var pairs = own.SelectMany(PairsOf).ToList();
        return new()
        {
            ["sequences"] = new JsonArray([.. own.Select((sequence, id) => Sequence(id, sequence))]),
            ["qk_distance_histogram"] = DistanceHistogram(own),
            ["top_query_tokens"] = Top(pairs.Select(p => (p.Query, p.Attention))),
            ["top_key_tokens"] = Top(pairs.Select(p => (p.Key, p.Attention))),
            ["histogram"] = new JsonObject(),
            ["statistics"] = own.Count == 0 ? new JsonObject()
                : new JsonObject { ["mean_max_activation"] = Rounded(own.Average(s => s.MaxActivation)) },
        };
    }

    private static JsonObject Sequence(int id, HeadVisSequence sequence)
    {
        var (indices, values) = (new JsonArray(), new JsonArray());
        var length = sequence.Tokens.Count;
        for (var q = 0; q < length; q++)
        for (var k = 0; k <= q; k++)
        {
            if (!(sequence.Attention[q][k] >= LeastAttention)) continue;
            indices.Add(q * length + k);
            values.Add(Rounded(sequence.Attention[q][k]));
        }
        return new()
        {
            ["sequence_id"] = id,
            ["interval"] = sequence.Interval,
            ["tokens"] = new JsonArray([.. sequence.Tokens.Select(t => JsonValue.Create(t))]),
            ["attention_indices"] = indices,
            ["attention_values"] = values,
            ["seq_len"] = length,
            ["max_activation"] = Rounded(sequence.MaxActivation),
        };
    }

    /// <summary>How far each query but the first looks back, by the key that it attends to most; bins are doubled.</summary>
    private static JsonObject DistanceHistogram(IReadOnlyList<HeadVisSequence> own)
    {
        var distances = own.SelectMany(s => s.Attention.Skip(1).Select((row, i) => i + 1 - row.Index().MaxBy(a => a.Item).Index)).ToList();
        List<int> edges = [0, 1];
        while (edges[^1] <= distances.DefaultIfEmpty(0).Max()) edges.Add(2 * edges[^1]);
        var counts = edges.Zip(edges.Skip(1)).Select(bin => distances.Count(d => d >= bin.First && d < bin.Second));
        return new()
        {
            ["bin_edges"] = new JsonArray([.. edges.Select(e => JsonValue.Create(e))]),
            ["bin_values"] = new JsonArray([.. counts.Select(c => JsonValue.Create(c))]),
        };
    }

    private static IEnumerable<(string Query, string Key, double Attention)> PairsOf(HeadVisSequence s) =>
        s.Attention.Index().Skip(1).SelectMany(q => q.Item.Index().Skip(1).Select(k => (s.Tokens[q.Index], s.Tokens[k.Index], k.Item)));

    private static JsonArray Top(IEnumerable<(string Token, double Attention)> tokens) => new(
    [
        .. tokens.GroupBy(t => t.Token, t => t.Attention).Select(g => (Token: g.Key, Weight: g.Sum()))
            .OrderByDescending(t => t.Weight).Take(TopTokens)
            .Select(t => new JsonObject { ["token"] = t.Token, ["weight"] = Rounded(t.Weight) }),
    ]);

    private static JsonObject Labelled(string key, string label) => new() { ["key"] = key, ["label"] = label };

    private static double Rounded(double value) => Math.Round(value, 4);

    private static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Json);
}
