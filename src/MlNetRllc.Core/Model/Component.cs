using MlNetRllc.Core.Errors;

namespace MlNetRllc.Core.Model;

/// <summary>A run of consecutive values of one weight, row-major.</summary>
/// <param name="Weight">TransformerLens name of the weight.</param>
/// <param name="Start">First value.</param>
/// <param name="Length">Number of values.</param>
public readonly record struct ParameterSlice(string Weight, int Start, int Length);

/// <summary>
/// The part v of the weights w = (u, v) that is sampled while the rest stays fixed: a head, a
/// layer, the embedding, or a union.
/// </summary>
/// <param name="Name">As the field writes it: <c>l0h3</c>, <c>l1</c>, <c>l1 attn</c>, <c>embed</c>,
/// <c>unembed</c>, <c>pos</c>, <c>ln_final</c>, <c>full</c>; a union is joined with <c>+</c>, as in
/// <c>l0h1+l0h4</c>.</param>
/// <param name="Slices">Disjoint, in the canonical order of <see cref="WeightNames.Shapes"/>; a
/// sampled vector lists their values one slice after another.</param>
public sealed record Component(string Name, IReadOnlyList<ParameterSlice> Slices)
{
    /// <summary>Number of sampled weights, d.</summary>
    public int Dimension { get; } = Slices.Sum(s => s.Length);

    /// <summary>Reads a component's name.</summary>
    /// <param name="name">One name or a union; see <see cref="Name"/>.</param>
    /// <param name="config">The model it is a part of.</param>
    /// <param name="headBiases">Whether a head owns its slices of b_Q, b_K and b_V. The paper does
    /// not say; the default is no.</param>
    /// <exception cref="ArgumentException">The name is not one of this model's; the message lists
    /// those that are.</exception>
    public static Component Parse(string name, TransformerConfig config, bool headBiases = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var parts = name.Split(
            ['+', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0) throw Unknown(name, config);
        var wanted = new HashSet<ParameterSlice>();
        foreach (var part in parts) wanted.UnionWith(SlicesOf(part, config, headBiases));
        return new(string.Join('+', parts), Merge(wanted, config));
    }

    /// <summary>The components a selector stands for: <c>heads</c> (every head), <c>layers</c>
    /// (every layer), or the name itself.</summary>
    public static IEnumerable<string> Expand(string selector, TransformerConfig config) => selector.Trim() switch
    {
        "heads" =>
            from layer in Enumerable.Range(0, config.Layers)
            from head in Enumerable.Range(0, config.Heads)
            select $"{new HeadName(layer, head)}",
        "layers" => from layer in Enumerable.Range(0, config.Layers) select $"l{layer}",
        var name => [Parse(name, config).Name],
    };

    /// <summary>Every simple name valid for a model.</summary>
    public static IEnumerable<string> Names(TransformerConfig config)
    {
        string[] whole = ["full", "embed", "pos", "unembed", "ln_final"];
        foreach (var name in whole) yield return name;
        for (var layer = 0; layer < config.Layers; layer++)
        {
            yield return $"l{layer}";
            yield return $"l{layer} attn";
            if (config.MlpWidth > 0) yield return $"l{layer} mlp";
            for (var head = 0; head < config.Heads; head++) yield return $"{new HeadName(layer, head)}";
        }
    }

    private static IEnumerable<ParameterSlice> SlicesOf(string part, TransformerConfig config, bool headBiases)
    {
        var normal = string.Join(' ', part.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (!Names(config).Contains(normal)) throw Unknown(part, config);

        var shapes = WeightNames.Shapes(config).ToList();
        if (HeadName.TryParse(normal) is var (layer, head))
        {
            string[] owned = ["W_Q", "W_K", "W_V", "W_O"];
            if (headBiases && config.AttentionBiases) owned = [.. owned, "b_Q", "b_K", "b_V"];
            return owned.Select(w => WeightNames.Attention(layer, w)).Select(w =>
            {
                var size = shapes.Single(s => s.Name == w).Shape.Skip(1).Aggregate(1, (n, d) => n * d);
                return new ParameterSlice(w, head * size, size);
            });
        }
        string[] prefixes = normal switch
        {
            "full" => [""],
            "pos" => ["pos_embed."],
            "embed" or "unembed" or "ln_final" => [$"{normal}."],
            _ when normal.EndsWith(" attn", StringComparison.Ordinal) => [$"blocks.{normal[1..^5]}.attn.", $"blocks.{normal[1..^5]}.ln1."],
            _ when normal.EndsWith(" mlp", StringComparison.Ordinal) => [$"blocks.{normal[1..^4]}.mlp.", $"blocks.{normal[1..^4]}.ln2."],
            _ => [$"blocks.{normal[1..]}."],
        };
        return shapes.Where(s => prefixes.Any(p => s.Name.StartsWith(p, StringComparison.Ordinal)))
            .Select(s => new ParameterSlice(s.Name, 0, s.Shape.Aggregate(1, (n, d) => n * d)));
    }

    private static ArgumentException Unknown(string name, TransformerConfig config) =>
        new($"The component '{name}' is unknown. This model has: {string.Join(", ", Names(config))}; "
            + $"join names with '+' for a union.{(NearestName.Find(name, Names(config)) is { } near ? $" Did you mean '{near}'?" : "")}");

    private static List<ParameterSlice> Merge(HashSet<ParameterSlice> slices, TransformerConfig config)
    {
        var order = WeightNames.Shapes(config)
            .Select((s, i) => (s.Name, i))
            .ToDictionary(s => s.Name, s => s.i);
        var merged = new List<ParameterSlice>();
        foreach (var slice in slices.OrderBy(s => order[s.Weight]).ThenBy(s => s.Start).ThenByDescending(s => s.Length))
        {
            if (merged.Count > 0 && merged[^1] is var last && last.Weight == slice.Weight && slice.Start <= last.Start + last.Length)
                merged[^1] = last with { Length = Math.Max(last.Length, slice.Start + slice.Length - last.Start) };
            else merged.Add(slice);
        }
        return merged;
    }
}
